"""A program with types, which the type checkers read in strict mode. No test runs it."""

from datetime import datetime
from decimal import Decimal

import chirrup
from chirrup import models
from chirrup.bot import Bot, Command
from chirrup.webhooks import Receiver


def synchronous(client: chirrup.Client) -> list[str]:
    page = client.search_recent("birds", max_results=10, start_time=datetime.now(), expansions=["author_id"])
    texts = [post.text for post in page.data]
    author = page.author(page.data[0])
    if author is not None:
        texts.append(author.username)
    for post in client.search_recent.items("birds", limit=5):
        texts.append(post.text)
    for each in client.search_recent.pages("birds"):
        texts.append(each.next_token or "")
    cost: Decimal = client.create_post.estimate(text="hello")
    texts.append(str(cost))
    status: int = client.call("GET", "/2/users/me", params={"user.fields": ["name"]}).status
    texts.append(str(status))
    texts.append(str(client.v1.verify_credentials().data.screen_name))
    with client.filtered_stream() as stream:
        for item in stream:
            texts.append(item.data.text)
    sent = chirrup.Outbox("outbox").once("greeting", client.create_post, text="hello")
    texts.append(str(sent.status))
    image = client.upload(b"...", on_progress=lambda progress: texts.append(progress.kind))
    texts.append(str(image.id))
    total: Decimal = sum((row.cost for row in client.spending_report()), start=client.spent.run)
    texts.append(str(total))
    texts.extend(each.text for each in chirrup.text.extract("hi @ada", ["mention"]))
    texts.append(chirrup.query.parse("birds").explain())
    return texts


def bot(client: chirrup.Client) -> Bot[chirrup.Client]:
    bot = Bot(client).rule("heron", tag="herons")

    @bot.command("hello")
    def hello(command: Command[chirrup.Client]) -> None:
        print(command.words, command.reply("Hello!").data.id)

    @bot.on_post("herons")
    def heron(item: chirrup.Response[models.Post]) -> None:
        print(item.data.text)

    receiver = Receiver("secret")

    @receiver.on_activity("follow.follow")
    async def followed(event: models.ActivityEvent) -> None:
        print(event.payload)

    return bot


async def asynchronous(client: chirrup.AsyncClient) -> list[str]:
    me = await client.get_me()
    texts = [str(me.data.username)]
    async for post in client.search_recent.items("birds"):
        texts.append(post.text)
    async with client.filtered_stream() as stream:
        async for event in stream.events():
            if event.item is not None:
                texts.append(event.item.data.text)
    return texts


def failing(client: chirrup.Client) -> str | None:
    try:
        client.get_post(20)
    except chirrup.NotFoundError as error:
        return error.hint
    return None
