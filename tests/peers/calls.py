"""Calls every public method of a client and reports each as a line of JSON: client, method, result and a note."""

import inspect
import json
import signal
import sys
import traceback


TIMEOUT = 20


def public_methods(kind):
    """Returns the names of the public methods of a class."""
    return [name for name, _ in inspect.getmembers(kind, callable) if not name.startswith("_")]


class TooSlow(BaseException):
    """End of a call that takes too long. Clients repeat requests after an `Exception`, but not after this."""


def too_slow(*_):
    raise TooSlow(f"the call takes more than {TIMEOUT} seconds")


class Report:
    """Results of the calls of one client."""

    def __init__(self, client, refusals=None, is_refusal=lambda error: False):
        self.client = client
        # Methods that X refuses by its specification, with the reason.
        self.refusals = refusals or {}
        self.is_refusal = is_refusal

    def line(self, method, result, note=""):
        print(json.dumps({"client": self.client, "method": method, "result": result, "note": note}), flush=True)

    def call(self, method, function):
        """Calls a function and reports its result under the name of a method."""
        try:
            signal.signal(signal.SIGALRM, too_slow)
            signal.alarm(TIMEOUT)
            value = function()
            if inspect.iscoroutine(value):
                import asyncio

                value = asyncio.run(value)
        except (Exception, SystemExit, TooSlow) as error:  # Any error of the client is a result.
            if method in self.refusals and self.is_refusal(error):
                reason = self.refusals[method]
                fault = reason.removeprefix("a fault of the client: ")
                return self.line(method, "refused" if fault == reason else "fault of the client", fault)
            where = traceback.extract_tb(sys.exc_info()[2])[-1]
            note = f"{type(error).__name__}: {error} ({where.filename.rsplit('/', 1)[-1]}:{where.lineno})"
            return self.line(method, "fails", note[:300].replace("\n", " "))
        finally:
            signal.alarm(0)
        return self.line(method, "works")

    def call_all(self, methods, calls, others=None, prefix=""):
        """Calls each method by its entry in `calls`. `others` are methods that send no request, with a note."""
        others = others or {}
        for method in methods:
            if method in others:
                self.line(prefix + method, "no request", others[method])
            elif method in calls:
                self.call(prefix + method, calls[method])
            else:
                self.line(prefix + method, "not called", "the table of calls has no entry")
        for method in set(calls) - set(methods):
            self.line(prefix + method, "fails", "the client has no such method")
