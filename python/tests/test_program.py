"""The program that the package carries."""

import json
import subprocess
import sys


def run(*words):
    return subprocess.run([sys.executable, "-m", "chirrup", *words], capture_output=True, text=True, timeout=60)


def test_the_program_runs():
    assert "chirrup" in run("--version").stdout
    page = run("--sandbox", "search", "the", "-n", "10", "--jsonl")
    assert page.returncode == 0 and json.loads(page.stdout.splitlines()[0])


def test_exit_codes_are_those_of_the_program():
    assert run("serach").returncode == 2
    assert run("--sandbox", "show", "1").returncode == 5
