#!/usr/bin/env python3
"""Runs Tweepy's own tests against `chirrup.tweepy`, with the cassettes replayed by `chirrup.testing`.

    git clone https://github.com/tweepy/tweepy
    python tests/peers/tweepy_suite.py tweepy

The environment needs this package and pytest. Three tests replace a function of aiohttp, which the package does not use:
they fail, with aiohttp and without it.
"""

import os
import sys
import types

import pytest
from chirrup.testing import use_cassette

from as_tweepy import as_tweepy


def as_vcr():
    """Lets `import vcr` import a module whose cassettes are those of `chirrup.testing`."""

    class VCR:
        def __init__(self, cassette_library_dir, **_options):
            self.folder = os.path.abspath(cassette_library_dir)

        def use_cassette(self, name, **_options):
            path = os.path.join(self.folder, name)
            # As in VCR.py, a test without requests needs no file.
            return use_cassette(path, record_mode="none") if os.path.exists(path) else lambda test: test

    sys.modules["vcr"] = types.ModuleType("vcr")
    sys.modules["vcr"].VCR = VCR


class Counts:
    """Outcome of each test."""

    def __init__(self):
        self.outcomes = {"passed": 0, "failed": 0, "skipped": 0}

    def pytest_runtest_logreport(self, report):
        is_setup_result = report.when != "call" and report.outcome != "passed"
        if report.when == "call" or is_setup_result:
            self.outcomes[report.outcome] += 1


ENVIRONMENT = {
    # Nothing listens there: a request without a cassette must not reach X.
    "CHIRRUP_BASE_URL": "http://127.0.0.1:9",
    # An access token begins with the ID of its user, which is in the paths of the cassettes.
    "ACCESS_KEY": "1072250532645998596-token",
}


def main(sources, *options):
    as_tweepy()
    as_vcr()
    os.environ.update(ENVIRONMENT)
    os.chdir(sources)
    sys.path.insert(0, "tests")
    counts = Counts()
    pytest.main(["tests", "-q", "--tb=short", "-p", "no:cacheprovider", "-c", os.devnull, *options], plugins=[counts])
    total = sum(counts.outcomes.values())
    share = counts.outcomes["passed"] / max(total, 1)
    print(f"{total} tests of Tweepy: {counts.outcomes}, {share:.1%} pass")
    return 0 if share >= 0.95 else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
