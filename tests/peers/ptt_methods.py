"""Python Twitter Tools: every call of `ptt_calls.py` by its path, streams, and the functions of the module.

The library has no list of methods: it makes the path of a request of the names that are written.
"""

import builtins
import os
import re
import runpy
import sys
import time
from pathlib import Path

import twitter
from twitter.api import TwitterCall

from calls import Report

NAMES = ["CHIRRUP_BASE_URL", "X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET", "X_BEARER_TOKEN"]


def rest():
    seen = {}
    original = TwitterCall.__call__

    def call(self, **kwargs):
        name = ".".join(str(part) for part in self.uriparts if part != "1.1")
        try:
            value = original(self, **kwargs)
        except Exception as error:
            seen.setdefault(name, error)
            raise
        seen[name] = None
        return value

    TwitterCall.__call__ = call
    sys.argv = ["ptt_calls.py", *(os.environ[name] for name in NAMES)]
    problem = None
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        runpy.run_path(str(Path(__file__).with_name("ptt_calls.py")), run_name="__main__")
    except Exception as error:
        problem = error
    sys.stdout = out
    TwitterCall.__call__ = original
    report = Report("Python Twitter Tools")
    for name, error in sorted(seen.items()):
        report.line(name, "fails" if error else "works", repr(error) if error else "")
    report.line("the assertions of ptt_calls.py", "fails" if problem else "works", repr(problem) if problem else "")


def module():
    import world as w

    def stream(name, **options):
        def run():
            items = twitter.TwitterStream(auth=twitter.OAuth2(bearer_token=w.BEARER), timeout=10)
            with w.writing():
                for item in getattr(items.statuses, name)(**options):
                    if "text" in item:
                        return

        return run

    def dance():
        said = []
        print_, input_ = builtins.print, builtins.input

        def answer(prompt=""):
            url = next(part for line in said for part in re.findall(r"https?://\S+", line))
            return re.search(r"\b(\d{7})\b", w.submit_consent(url)).group(1)

        builtins.print, builtins.input = lambda *args, **_: said.append(" ".join(map(str, args))), answer
        try:
            token, secret = twitter.oauth_dance("an app", w.KEY, w.SECRET, open_browser=False)
        finally:
            builtins.print, builtins.input = print_, input_
        auth = twitter.OAuth(token, secret, w.KEY, w.SECRET)
        assert twitter.Twitter(auth=auth).account.verify_credentials()["screen_name"] == "ada"

    def oauth2_dance():
        token = twitter.oauth2_dance(w.KEY, w.SECRET)
        assert twitter.Twitter(auth=twitter.OAuth2(bearer_token=token)).statuses.show(id=20)["id"] == 20

    calls = {
        "Twitter": lambda: twitter.Twitter(auth=twitter.OAuth(w.TOKEN, w.TOKEN_SECRET, w.KEY, w.SECRET)).statuses.show(id=20),
        "OAuth": lambda: twitter.Twitter(auth=twitter.OAuth(w.TOKEN, w.TOKEN_SECRET, w.KEY, w.SECRET)).account.settings(),
        "OAuth2": lambda: twitter.Twitter(auth=twitter.OAuth2(bearer_token=w.BEARER)).statuses.show(id=20),
        "TwitterStream": stream("sample"),
        "oauth_dance": dance,
        "oauth2_dance": oauth2_dance,
        "TwitterStream.statuses.filter": stream("filter", track="heron"),
    }
    others = {name: "a type" for name in ["NoAuth", "TwitterError", "TwitterHTTPError", "TwitterResponse", "UserPassAuth"]}
    others |= {name: "a file of tokens" for name in ["read_bearer_token_file", "read_token_file", "write_bearer_token_file", "write_token_file"]}
    others["parse_oauth_tokens"] = "a function over text"
    Report("Python Twitter Tools, module").call_all([*twitter.__all__, "TwitterStream.statuses.filter"], calls, others)


if __name__ == "__main__":
    module() if sys.argv[1:] == ["module"] else rest()
