"""Every public method of X's own Python SDK, which validates each response against the specification."""

import inspect
import itertools

from xdk import Client
from xdk.oauth1_auth import OAuth1
from xdk.streaming import StreamConfig

import world as w
from calls import Report
from xdk_values import CALLS, SILENT, activity, arguments, is_stream


def clients():
    """Returns a client of a user with OAuth 1.0a, one with OAuth 2.0, and one of the app alone."""
    keys = {"api_key": w.KEY, "api_secret": w.SECRET, "access_token": w.TOKEN, "access_token_secret": w.TOKEN_SECRET}
    signed = Client(auth=OAuth1(callback=w.CALLBACK, **keys))
    return [signed, Client(access_token=w.OAUTH2), Client(bearer_token=w.BEARER)]


def is_denied(error):
    """Returns whether the method wants another kind of credentials."""
    return "401" in str(error) or "403" in str(error) or "Authentication required" in str(error)


class Opened(BaseException):
    """End of a stream that opens, but has no events."""


def opened():
    raise Opened


def call(client, name, args):
    area, method = name.split(".")
    method = getattr(getattr(client, area), method)
    if is_stream(name):
        with activity(name):
            try:
                return next(method(**args, stream_config=StreamConfig(on_connect=opened if name in SILENT else None)))
            except Opened:
                return None
    result = method(**args)
    return list(itertools.islice(result, 1)) if inspect.isgenerator(result) else result


def main():
    signed, user, app = clients()
    report = Report("xdk for Python")

    def by_name(name, params):
        def run():
            args = arguments(name, params)
            denied = None
            for client in [app] if is_stream(name) else [signed, user, app]:
                try:
                    return call(client, name, args)
                except Exception as error:
                    if not is_denied(error):
                        raise
                    denied = denied or error
            raise denied

        return run

    for area, part in vars(app).items():
        if not type(part).__name__.endswith("Client"):
            continue
        for method, function in inspect.getmembers(type(part), inspect.isfunction):
            if method.startswith("_"):
                continue
            name = f"{area}.{method}"
            params = inspect.signature(function).parameters.values()
            required = [p.name for p in params if p.default is p.empty and p.name != "self" and p.kind is not p.VAR_KEYWORD]
            report.call(name, by_name(name, required))
    methods = {f"{area}.{name}" for area, part in vars(app).items() for name in dir(part)}
    for name in sorted(set(CALLS) - methods):
        report.line(name, "fails", "the client has no such method")


if __name__ == "__main__":
    main()
