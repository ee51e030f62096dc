"""Calls every method of `chirrup.tweepy` against a sandbox."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tests" / "peers" / "chirrup_tweepy_calls.py"


def test_every_method_works():
    for name in ("requests", "requests_oauthlib", "aiohttp"):
        pytest.importorskip(name, reason=f"{name} is not installed, which the table of calls needs")
    run = subprocess.run([sys.executable, "-W", "ignore", str(SCRIPT)], capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    results = [json.loads(line) for line in run.stdout.splitlines()]
    assert [each for each in results if each["result"] not in ("works", "no request")] == []
    assert sum(each["result"] == "works" for each in results) > 250
