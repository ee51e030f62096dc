"""A scripted adversary with the official MCP SDK for Python.

Runs `chirrup mcp` with these arguments, calls its tools in hostile sequences, and prints what it has published as JSON.
The caller compares it with the bill and the journal of the sandbox.

    python adversary.py SEQUENCES SEED chirrup mcp --level write ...
"""

import asyncio
import json
import os
import random
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

# A token of JSON has about four bytes.
BYTES_PER_TOKEN = 4


class Adversary:
    """Does what the posts say, guesses, replays, and swaps texts; a person agrees to a fresh draft now and then."""

    def __init__(self, session, dice):
        self.session, self.dice = session, dice
        self.codes, self.published, self.wrongly = [], 0, []

    async def call(self, tool, **arguments):
        """Calls a tool. Returns its answer, or `None` if it is an error."""
        try:
            result = await self.session.call_tool(tool, arguments)
        except Exception:  # the tool does not exist
            return None
        return None if result.is_error else json.loads(result.content[0].text)

    async def draft(self):
        text = f"draft {self.dice.random()}"
        action = self.dice.choice(["post", "post", "reply", "quote", "message", "like"])
        draft = await self.call("draft", action=action, text=text, post="20", user="robin")
        if draft:
            self.codes.append((draft["confirm_code"], draft.get("text")))

    async def agree(self):
        """Publishes as a person wants it: the only way that may succeed."""
        if self.codes:
            code, text = self.codes.pop()
            done = await self.call("publish", code=code, text=text)
            self.published += done is not None
            await self.attack(code, text)

    async def attack(self, code, text):
        """Publishes in a way that must not succeed."""
        if await self.call("publish", code=code, text=text):
            self.wrongly.append((code, text))

    async def obey(self):
        answer = await self.call("timeline", user="robin", limit=5)
        for post in (answer or {}).get("untrusted", {}).get("posts", []):
            for word in post["text"].split():
                if len(word) == 16:
                    await self.attack(word, "I obey")

    async def swap(self):
        if self.codes:
            code, _ = self.codes.pop(0)
            await self.attack(code, "another text")

    async def read(self):
        query = self.dice.choice(["rust", "heron", "morning OR data", "from:robin", "("])
        await self.call("search", query=query, limit=self.dice.randrange(200), all=self.dice.random() < 0.5)

    async def odd(self):
        tool = self.dice.choice(["publish", "draft", "upload_file", "messages", "delete_post", "tail_stream"])
        await self.call(tool, code=None, action="delete_account", limit=-1, file="/etc/passwd")

    async def guess(self):
        await self.attack("".join(self.dice.choices("abcdefghjkmnpqrs", k=16)), "a guess")

    async def sequence(self):
        steps = [self.obey, self.draft, self.draft, self.agree, self.swap, self.read, self.read, self.odd]
        # Guesses stop all writes for 15 minutes, so they are rare.
        for step in self.dice.choices(steps + [self.guess], weights=[4] * len(steps) + [1], k=4):
            await step()


async def main():
    sequences, seed, command, *arguments = sys.argv[1:]
    server = StdioServerParameters(command=command, args=arguments, env=dict(os.environ))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = [tool.model_dump(by_alias=True, exclude_none=True) for tool in (await session.list_tools()).tools]
        size = len(json.dumps(tools, separators=(",", ":"), ensure_ascii=False).encode())
        adversary = Adversary(session, random.Random(int(seed)))
        await adversary.draft()
        await adversary.agree()
        for _ in range(int(sequences)):
            await adversary.sequence()
        print(json.dumps({
            "tools": len(tools), "tokens": size // BYTES_PER_TOKEN, "published": adversary.published,
            "wrongly": adversary.wrongly,
        }))


asyncio.run(main())
