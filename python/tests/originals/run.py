#!/usr/bin/env python3
"""Runs the tests of Tweepy, Twython and Python Twitter Tools against the packages that replace them, and counts.

The sources are not a part of this project. They come from PyPI, or from the folder that is given. Those of Tweepy on PyPI
have no tests, so that Tweepy is tested only from a folder, as `tweepy-4.17.0`: a clone of its repository.

    python python/tests/originals/run.py [FOLDER]

Exits with 1 if less than 95 % of a library's tests pass, and with 0 and a message without the sources.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).parent
ORIGINALS = {"tweepy": "tweepy-4.17.0", "twython": "twython-3.9.1", "twitter": "twitter-1.19.6"}
BAR = 0.95


def find_source(name: str, folder: Path | None) -> Path | None:
    """Returns the unpacked source of a package; `None`, with a message, without its tests."""
    if folder is not None or name.startswith("tweepy"):
        source = (folder or HERE) / name
        if (source / "tests").is_dir():
            return source
        print(f"SKIPPED: there is no folder {source} with tests")
        return None
    downloads = Path(tempfile.mkdtemp())
    requirement = "==".join(name.rsplit("-", 1))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    result = subprocess.run([*command, "--dest", str(downloads), requirement], timeout=300, check=False)
    archives = list(downloads.glob("*.tar.gz"))
    if result.returncode or not archives:
        print(f"SKIPPED: pip cannot download the source of {requirement}")
        return None
    with tarfile.open(archives[0]) as archive:
        archive.extractall(downloads, filter="data")
    return downloads / name


def run_tests(library: str, source: Path) -> tuple[int, list[str]]:
    """Runs the tests of a library and returns how many ran, and the names of those that failed."""
    work = Path(tempfile.mkdtemp())
    for part in ("tests", "cassettes", "examples", "assets"):
        if (source / part).is_dir():
            shutil.copytree(source / part, work / part)
    report = work / "report.xml"
    environment = {
        **os.environ,
        "CHIRRUP_REPLACED": library,
        "PYTHONPATH": os.pathsep.join([str(HERE), str(work / "tests"), os.environ.get("PYTHONPATH", "")]),
    }
    command = [sys.executable, "-m", "pytest", "--quiet", "-p", "plugin", f"--junitxml={report}", "tests"]
    subprocess.run(command, cwd=work, env=environment, timeout=300, check=False)
    cases = ElementTree.parse(report).getroot().iter("testcase")
    ran = [case for case in cases if case.find("skipped") is None]
    failed = [case for case in ran if case.find("failure") is not None or case.find("error") is not None]
    return len(ran), [f"{case.get('classname')}.{case.get('name')}" for case in failed]


def main() -> int:
    """Runs all suites and prints a line for each."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    is_met = True
    for library, name in ORIGINALS.items():
        source = find_source(name, folder)
        if source is None:
            continue
        ran, failed = run_tests(library, source)
        passed = ran - len(failed)
        is_met = is_met and ran > 0 and passed / ran >= BAR
        print(f"{name}: {passed} of {ran} tests pass", *failed, sep="\n  failed: ")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
