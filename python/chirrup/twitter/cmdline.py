"""The formats of a console program. The program of Python Twitter Tools is replaced by the program `chirrup`."""

from __future__ import annotations

import datetime
import html
import json
import os
import re
import sys
import time
from typing import Any

from .api import TwitterError

CONSUMER_KEY = os.environ.get("X_CONSUMER_KEY", "")
"""Key of the app, from the environment: this package has no app of its own."""
CONSUMER_SECRET = os.environ.get("X_CONSUMER_SECRET", "")
"""Secret of the app, from the environment."""

unescape = html.unescape


def _marked(code: str, text: str) -> str:
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() else text


def get_time_string(status: dict[str, Any], options: dict[str, Any], format: str = "%a %b %d %H:%M:%S +0000 %Y") -> str:
    """Returns the local time of a status, as far as the options `timestamp` and `datestamp` ask for it."""
    forms = [("datestamp", "%Y-%m-%d "), ("timestamp", "%H:%M:%S ")]
    wanted = "".join(form for option, form in forms if options[option])
    if not wanted:
        return ""
    parsed = datetime.datetime(*time.strptime(status["created_at"], format)[:6], tzinfo=datetime.timezone.utc)
    return parsed.astimezone().strftime(wanted)


def replaceInStatus(status: str) -> str:
    """Returns a text without entities of HTML. A terminal shows hashtags bold and mentions underlined."""
    text = re.sub(r"#\S+", lambda found: _marked("1", found[0]), unescape(status))
    return re.sub(r"@\S+", lambda found: _marked("4", found[0]), text)


def correctRTStatus(status: dict[str, Any]) -> str:
    """Returns the text of a status; of a retweet the whole text, with the name of its author."""
    if "retweeted_status" not in status:
        return str(status["text"])
    original = status["retweeted_status"]
    return f"RT @{original['user']['screen_name']} {original['text']}"


class StatusFormatter:
    """One line per status."""

    def __call__(self, status: dict[str, Any], options: dict[str, Any]) -> str:
        name = status["user"]["screen_name"]
        return f"{get_time_string(status, options)}@{name} {unescape(correctRTStatus(status))}"


class VerboseStatusFormatter:
    """Several lines per status, with the place of the user."""

    def __call__(self, status: dict[str, Any], options: dict[str, Any]) -> str:
        user = status["user"]
        head = f"-- {user['screen_name']} ({user['location']}) on {status['created_at']}"
        return f"{head}\n{unescape(correctRTStatus(status))}\n"


class JSONStatusFormatter:
    """One line of JSON per status."""

    def __call__(self, status: dict[str, Any], options: dict[str, Any]) -> str:
        status["text"] = unescape(status["text"])
        return json.dumps(status)


class URLStatusFormatter:
    """The URLs of a status, one per line."""

    def __call__(self, status: dict[str, Any], options: dict[str, Any]) -> str:
        return "\n".join(re.findall(r"https?://\S+", correctRTStatus(status)))


status_formatters = {
    "default": StatusFormatter,
    "verbose": VerboseStatusFormatter,
    "json": JSONStatusFormatter,
    "urls": URLStatusFormatter,
}
formatters = {"status": status_formatters}


def get_formatter(action_type: str, options: dict[str, Any]) -> Any:
    """Returns the formatter for the option `format`."""
    try:
        return formatters[action_type][options["format"]]()
    except KeyError:
        raise TwitterError(f"Unknown formatter '{options['format']}' for {action_type} actions") from None
