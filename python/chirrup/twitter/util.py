"""Functions for texts and links that programs with Python Twitter Tools use."""

from __future__ import annotations

import codeop
import re
import sys
import textwrap
import time
import urllib.request
from collections.abc import Collection
from html.entities import name2codepoint
from typing import Any
from urllib.parse import urlsplit

PY_3_OR_HIGHER = True

_LINK = re.compile(r"https?://[^ )]+")


def htmlentitydecode(s: str) -> str:
    """Replaces the named entities of HTML by their characters."""
    names = "|".join(name2codepoint)
    return re.sub(f"&({names});", lambda found: chr(name2codepoint[found[1]]), s)


def smrt_input(globals_: dict[str, Any], locals_: Any, ps1: str = ">>> ", ps2: str = "... ") -> None:
    """Reads an expression, of several lines if need be, and prints its value."""
    lines = [input(ps1)]
    while (code := codeop.compile_command("\n".join(lines), symbol="eval")) is None:
        lines.append(input(ps2))
    if value := eval(code, globals_, locals_):
        print(value)


def printNicely(string: str) -> None:
    """Prints a text as UTF-8, whatever the terminal's encoding is."""
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.flush()
        sys.stdout.buffer.write(f"{string}\n".encode())
        sys.stdout.buffer.flush()
    else:
        print(string)


def actually_bytes(stringy: Any) -> bytes:
    """Returns the bytes of any value: of a text in UTF-8."""
    return stringy if isinstance(stringy, bytes) else str(stringy).encode()


def err(msg: Any = "") -> None:
    """Prints to the standard error."""
    print(msg, file=sys.stderr)


class Fail:
    """Counter of failures that ends the program after `maximum` of them."""

    def __init__(self, maximum: int = 10, exit: int = 1) -> None:
        self.i = maximum
        self.exit = exit

    def count(self) -> None:
        """Counts a failure."""
        self.i -= 1
        if self.i == 0:
            err("Too many consecutive fails, exiting.")
            raise SystemExit(self.exit)

    def wait(self, delay: float = 0) -> None:
        """Counts a failure and waits for a number of seconds."""
        self.count()
        if delay > 0:
            time.sleep(delay)


def find_links(line: str) -> tuple[str, list[str]]:
    """Returns a format of the line in which `%s` stands for each link, and the links."""
    line = line.replace("%", "%%")
    return _LINK.sub("%s", line), _LINK.findall(line)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects as long as their hosts are among `sites`, and remembers the last address."""

    def __init__(self, sites: Collection[str] | None) -> None:
        self.sites = sites
        self.last_url: str | None = None

    def accepts(self, url: str) -> bool:
        return self.sites is None or urlsplit(url).hostname in self.sites

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        self.last_url = newurl
        return urllib.request.Request(newurl, method="HEAD") if self.accepts(newurl) else None


def follow_redirects(link: str, sites: Collection[str] | None = None) -> str:
    """Returns the address to which a link leads, over redirects on the given hosts."""
    redirects = _Redirects(sites)
    if not redirects.accepts(link):
        return link
    request = urllib.request.Request(link, method="HEAD")
    try:
        with urllib.request.build_opener(redirects).open(request, timeout=1) as page:
            return str(page.url)
    except (OSError, ValueError):
        return redirects.last_url or link


def expand_line(line: str, sites: Collection[str] | None) -> str:
    """Replaces each link of a line by the address to which it leads."""
    form, links = find_links(line.strip())
    return form % tuple(follow_redirects(link, sites) for link in links)


def parse_host_list(list_of_hosts: str) -> set[str]:
    """Returns the hosts of a list with commas."""
    return set(re.findall(r"[^,\s]+", list_of_hosts))


def align_text(text: str, left_margin: int = 17, max_width: int = 160) -> str:
    """Wraps a text and indents all of its lines but the first."""
    margin = " " * left_margin
    lines = (textwrap.wrap(line, max_width - left_margin) for line in text.split("\n"))
    return "\n".join("\n".join(margin + part for part in parts) for parts in lines).lstrip()


__all__ = ["htmlentitydecode", "smrt_input"]
