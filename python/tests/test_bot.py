"""Bots: handlers of posts, commands, activity and messages, in the sandbox."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import chirrup
import pytest
from chirrup.bot import Bot

SCRIPT = """
import chirrup, os, sys
from chirrup.bot import Bot
bot = Bot(chirrup.Client.from_env()).rule("heron")
bot.on_connect(lambda: print("connected", flush=True))
bot.on_post()(print)
print(bot.run())
"""


def run(bot, act):
    """Runs a bot in the main thread while another thread acts and then stops it; returns the report."""
    connected = threading.Event()
    bot.on_connect(connected.set)

    def work():
        try:
            assert connected.wait(10)
            act()
        finally:
            bot.stop()

    thread = threading.Thread(target=work)
    thread.start()
    report = bot.run()
    thread.join()
    return report


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def test_a_bot_replies_to_commands_and_mentions(client, sandbox):
    bot = Bot(client)
    seen = []
    name = client.get_me().data.username

    @bot.command("hello")
    def hello(command):
        seen.append((command.name, command.words, command.reply("Hello yourself!").data.id))

    @bot.on_mention
    def mentioned(command):
        seen.append((command.name, command.item.author(command.item.data).username))

    @bot.rule("heron -is:retweet", tag="herons").on_post("herons")
    def heron(item):
        seen.append(item.data.text)

    def act():
        sandbox.write_post("robin", f"@{name} hello dear bot")
        sandbox.write_post("robin", f"@{name} sing")
        sandbox.write_post("robin", "A heron at the pond")
        wait_for(lambda: len(seen) == 3)

    report = run(bot, act)
    (reply,) = [each for each in seen if each[0] == "hello"]
    assert reply[1] == "dear bot" and client.get_post(reply[2]).data.text.endswith("Hello yourself!")
    assert ("sing", "robin") in seen and "A heron at the pond" in seen
    assert (report.failed, report.given_up) == (0, 0) and report.handled >= 4
    with pytest.raises(RuntimeError, match="already started"):
        bot.run()


async def test_handlers_of_an_async_client_run_in_the_event_loop(async_client, sandbox):
    bot = Bot(async_client)
    seen = asyncio.Queue()
    me = (await async_client.get_me()).data

    @bot.on_activity("follow.follow")
    async def followed(event):
        await seen.put(event)

    @bot.on_connect
    async def connected():
        await async_client.follow(sandbox.user_id("robin"))

    running = asyncio.create_task(bot.start())
    event = await asyncio.wait_for(seen.get(), 10)
    bot.stop()
    report = await running
    assert event.event_type == "follow.follow" and str(me.id) in str(event.json()) and report.failed == 0


def test_exceptions_of_handlers_are_counted_and_reported(client, sandbox, caplog):
    bot = Bot(client).rule("failing bird")
    errors = []

    @bot.on_post()
    def fails(item):
        raise ValueError("no such bird")

    def act():
        sandbox.write_post("robin", "A failing bird")
        wait_for(lambda: errors)

    bot.on_error(errors.append)
    assert run(bot, act).failed == 1 and isinstance(errors[0], ValueError)

    silent = Bot(client)
    silent.on_post()(fails)
    assert run(silent, lambda: (sandbox.write_post("robin", "Another failing bird"), wait_for(lambda: caplog.text))).failed == 1
    assert "no such bird" in caplog.text


def test_unknown_activity_is_refused(client):
    with pytest.raises(ValueError, match=r"follow\.follow"):
        Bot(client).on_activity("follow")(print)


def test_a_refused_rule_is_an_error(client):
    bot = Bot(client).rule("heron (")
    bot.on_post()(print)
    with pytest.raises(chirrup.ArgumentError, match="rule"):
        bot.run()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_bot(sandbox, client, number):
    environment = os.environ | sandbox.environment()
    bot = subprocess.Popen([sys.executable, "-c", SCRIPT], env=environment, stdout=subprocess.PIPE, text=True)
    assert bot.stdout.readline() == "connected\n"
    bot.send_signal(number)
    assert bot.communicate(timeout=20)[0].startswith("Report(handled=") and bot.returncode == 0


def test_a_webhook_calls_the_handlers_of_a_bot(client):
    from test_webhooks import SECRET, deliver, uvicorn_serves

    bot = Bot(client)
    seen = []
    bot.on_post("birds")(lambda item: seen.append(item.data.text))
    bot.on_message(lambda event: seen.append(event.payload.text))
    with uvicorn_serves(bot.receiver(SECRET)) as port:
        deliver(port, {"data": {"id": "5", "text": "A heron"}, "matching_rules": [{"id": "1", "tag": "birds"}]})
        deliver(port, {"data": {"event_type": "dm.received", "event_uuid": "1", "payload": {"text": "hi"}}})
        wait_for(lambda: len(seen) == 2)
    assert sorted(seen) == ["A heron", "hi"]
