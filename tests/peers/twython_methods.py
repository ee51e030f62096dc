"""Every public method of Twython: which of them `twython_calls.py` calls, and whether the call succeeds."""

import functools
import os
import runpy
import sys
from pathlib import Path

import twython

from calls import Report, public_methods

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
NAMES = ["CHIRRUP_BASE_URL", "X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET", "X_BEARER_TOKEN"]
OTHERS = {
    "encode": "a function over text", "html_for_tweet": "a function over a post", "construct_api_url": "a function over text",
    "unicode2utf8": "a function over text", "cursor": "an iterator over another method", "search_gen": "another name of `cursor`",
    "get_lastfunction_header": "reads a header of the last response", "disconnect": "closes the stream",
}
LATER = ["create_metadata", "get_authentication_tokens", "get_authorized_tokens", "invalidate_token", "obtain_access_token"]
REASONS = {
    "update_profile_banner_image": "a fault of Twython, which parses the empty body of the response as JSON",
    "update_profile_background_image": "",
}


def recorded(kind, seen):
    """Notes the outcome of each call of a public method: `None`, or the error."""
    for name in public_methods(kind):
        method = getattr(kind, name)

        @functools.wraps(method)
        def call(*args, _name=name, _method=method, **kwargs):
            try:
                value = _method(*args, **kwargs)
            except Exception as error:
                seen.setdefault(_name, error)
                raise
            seen[_name] = None
            return value

        if not isinstance(kind.__dict__.get(name), staticmethod):
            setattr(kind, name, call)


def main():
    seen = {}
    recorded(twython.Twython, seen)
    sys.argv = ["twython_calls.py", *(os.environ[name] for name in NAMES)]
    script = Path(__file__).with_name("twython_calls.py")
    problem = None
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        runpy.run_path(str(script), run_name="__main__")
    except Exception as error:
        problem = error
    sys.stdout = out
    report = Report("Twython")
    for name in public_methods(twython.Twython):
        if name in OTHERS:
            report.line(name, "no request", OTHERS[name])
        elif name in LATER:
            continue
        elif name not in seen:
            report.line(name, "not called", "twython_calls.py does not call it")
        elif seen[name] is not None:
            fault = REASONS.get(name, "")
            report.line(name, "fault of the client" if fault else "fails", fault.removeprefix("a fault of Twython, ") or repr(seen[name]))
        else:
            report.line(name, "works")
    report.line("the assertions of twython_calls.py", "fails" if problem else "works", repr(problem) if problem else "")
    faults = {
        "create_metadata": "a fault of the client: it parses the empty body of the response as JSON",
        "invalidate_token": "a fault of the client: X has no such path below /1.1",
    }
    login = Report("Twython", faults, lambda error: "404" in str(error) or "not valid JSON" in str(error))

    def oauth1():
        from urllib.parse import parse_qs, urlsplit

        import world as w

        one = twython.Twython(w.KEY, w.SECRET)
        tokens = one.get_authentication_tokens(callback_url=w.CALLBACK)
        query = parse_qs(urlsplit(w.submit_consent(tokens["auth_url"])).query)
        two = twython.Twython(w.KEY, w.SECRET, tokens["oauth_token"], tokens["oauth_token_secret"])
        keys = two.get_authorized_tokens(query["oauth_verifier"][0])
        three = twython.Twython(w.KEY, w.SECRET, keys["oauth_token"], keys["oauth_token_secret"])
        assert three.verify_credentials()["screen_name"] == "ada"

    def app():
        import world as w

        one = twython.Twython(w.KEY, w.SECRET, oauth_version=2)
        token = one.obtain_access_token()
        assert twython.Twython(w.KEY, access_token=token).show_status(id=20)["id"] == 20

    def metadata():
        import world as w

        client = twython.Twython(w.KEY, w.SECRET, w.TOKEN, w.TOKEN_SECRET)
        client.create_metadata(media_id=w.media(), alt_text={"text": "a picture"})

    def invalidate():
        import world as w

        twython.Twython(w.KEY, w.SECRET, oauth_version=2).invalidate_token(access_token=w.BEARER)

    calls = {
        "get_authentication_tokens": oauth1, "get_authorized_tokens": oauth1, "obtain_access_token": app,
        "create_metadata": metadata, "invalidate_token": invalidate,
    }
    login.call_all(list(calls), calls)


if __name__ == "__main__":
    main()
