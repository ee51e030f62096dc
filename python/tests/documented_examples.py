"""The examples in the documents of Twython, Python Twitter Tools and PyTweet, statement by statement.

The documents are not a part of this project: they are in the folder that `CHIRRUP_SEEDS` names, or in `../shared/seeds`
next to it. Of an example, only the import is changed.
"""

from __future__ import annotations

import ast
import os
import re
import threading
import time
from pathlib import Path

FOLDER = Path(os.environ.get("CHIRRUP_SEEDS") or Path(__file__).parents[3] / "shared" / "seeds")


class Enough(Exception):
    """Ends an example that would print the messages of a stream without end."""


def document(beginning: str) -> str | None:
    """Returns the document whose first lines contain a text; `None` if it is not on this machine."""
    texts = (path.read_text() for path in sorted(FOLDER.glob("*.txt")))
    return next((text for text in texts if beginning in text[:600]), None)


def python_twitter_tools(text: str) -> list[str]:
    """Returns the statements of all blocks of Python."""
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.S | re.M)
    return [statement for block in blocks for statement in statements(block, "twitter")]


def twython(text: str) -> list[str]:
    """Returns the statements of the interactive examples, whose `print` is that of Python 2."""
    found = []
    for block in re.findall(r"^Usage:\n\n(>>>.*?)(?=^\w+\(|^Parameters)", text, re.S | re.M):
        code = re.sub(r"^https?://\S+$", "", block, flags=re.M)
        code = re.sub(r"^>>> ?", "", code, flags=re.M)
        code = re.sub(r"^(\s*)print (.*)$", r"\1print(\2)", code, flags=re.M)
        found.extend(statements(code, "twython"))
    return found


def pytweet(text: str) -> list[str]:
    """Returns the two functions of events, whose indentation the document has lost."""
    found = re.findall(r"@client\.event\s+(def \w+\(.*?\):)\s*(print\(\w+\)|\.\.\.)", text)
    return [f"@client.event\n{head}\n    {body}" for head, body in found]


def statements(code: str, library: str) -> list[str]:
    """Returns the statements of an example, with its import changed."""
    code = re.sub(rf"\bfrom {library} import", f"from chirrup.{library} import", code)
    lines = code.split("\n")
    found = []
    for node in ast.parse(code).body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        found.append("\n".join(lines[first - 1 : node.end_lineno]))
    return found


# A name that a document uses without defining it, and the one that it means.
ALIASES = {"t": "tw"}


def run(statement: str, namespace: dict) -> Exception | None:
    """Runs a statement and returns its exception, if it raised one. A stream ends after its first message."""
    namespace.update({alias: namespace[name] for alias, name in ALIASES.items() if name in namespace})
    try:
        exec(compile(statement, "<example>", "exec"), namespace)
    except Enough:
        return None
    except Exception as error:
        return error
    return None


class Writer:
    """Writes posts as long as a stream is open, so that an example has something to print."""

    def __init__(self, sandbox, text: str) -> None:
        self._sandbox, self._text = sandbox, text
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        number = 0
        while not self._is_over.is_set():
            if self._sandbox.open_stream_count:
                number += 1
                self._sandbox.write_post("ada", f"{self._text} {number}")
            time.sleep(0.05)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_) -> None:
        self._is_over.set()
        self._thread.join()
