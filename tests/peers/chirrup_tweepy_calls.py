#!/usr/bin/env python3
"""Calls every public method of `chirrup.tweepy` against a sandbox, by the table of calls of Tweepy.

    python tests/peers/chirrup_tweepy_calls.py

The environment needs this package, and requests, requests_oauthlib and aiohttp for the table. Each line of the output is the
result of one method, as JSON.
"""

import os
import runpy
from pathlib import Path

import chirrup

from as_tweepy import as_tweepy

with chirrup.Sandbox(rate_limits=False) as sandbox:
    os.environ.update(sandbox.environment())
    as_tweepy()
    runpy.run_path(str(Path(__file__).with_name("tweepy_calls.py")), run_name="__main__")
