"""Measures the Python package against Tweepy, and prints a table.

Usage: python python/benches/run.py [--wheel FILE] [--write]

It needs the installed package, optimized, and `tweepy[async]`. With `--write` the table goes into `docs/performance.md`.
Rates are per second of CPU time of the whole process, all of its threads together: the best of several rounds.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = HERE.parent.parent / "docs" / "performance.md"
ROUNDS = 5
IMPORT = "import time; start = time.perf_counter(); import chirrup; print(time.perf_counter() - start)"


def run(*words: str) -> str:
    return subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True).stdout


def rate(case: str, port: int) -> float:
    """Returns the units per second of CPU time of a case."""
    result = json.loads(run(str(HERE / "cases.py"), case, str(port)))
    return result["units"] / result["seconds"]


def row(name: str, value: str, goal: str, met: bool, note: str = "") -> str:
    return f"| {name} | {value} | {goal} | {'yes' if met else 'no'} | {note} |"


def compare(name: str, unit: str, goal: float, ours: str, theirs: str, port: int) -> str:
    """Returns the row of a case. Rounds of both alternate, so that a busy machine slows both."""
    rates = [(rate(ours, port), rate(theirs, port)) for _ in range(ROUNDS)]
    own, other = (max(each) for each in zip(*rates))
    note = f"{own:,.0f} {unit}/s; Tweepy: {other:,.0f}"
    return row(name, f"{own / other:.1f} ×", f"≥ {goal:.1f} ×", own >= goal * other, note)


def rows(port: int, wheel: Path | None) -> list[str]:
    found = [
        compare("stream, ID and text read, of Tweepy", "posts", 5, "chirrup_stream", "tweepy_stream", port),
        compare("stream with asyncio, of Tweepy", "posts", 5, "chirrup_async_stream", "tweepy_async_stream", port),
        compare("page of 100 posts, ID and text read, of Tweepy", "pages", 3, "chirrup_pages", "tweepy_pages", port),
        compare("64 calls at once with asyncio, of Tweepy", "calls", 3, "chirrup_calls", "tweepy_calls", port),
    ]
    load = min(float(run("-c", IMPORT)) for _ in range(ROUNDS * 2)) * 1_000
    found.append(row("`import chirrup`", f"{load:.1f} ms", "≤ 30.0 ms", load <= 30))
    grown = json.loads(run(str(HERE / "cases.py"), "chirrup_leak", str(port)))["units"] / (1 << 20)
    name, note = "memory after 10⁶ more posts and 10⁶ more calls", "after 2 · 10⁵ posts and calls"
    found.append(row(name, f"{grown:.1f} MiB", "≤ 4.0 MiB", grown <= 4, note))
    if wheel is not None:
        size = wheel.stat().st_size / 1_000_000
        found.append(row("wheel with the program", f"{size:.1f} MB", "≤ 15.0 MB", size <= 15))
    return found


def write(table: str) -> None:
    text = DOCUMENT.read_text()
    begin, end = "<!-- begin: python -->\n", "<!-- end: python -->"
    before, rest = text.split(begin)
    DOCUMENT.write_text(before + begin + table + end + rest.split(end, 1)[1])


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--wheel", type=Path)
    arguments.add_argument("--write", action="store_true")
    options = arguments.parse_args()
    server = subprocess.Popen([sys.executable, str(HERE / "server.py")], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        table = "\n".join(["| what | measured | goal | met | |", "| --- | --- | --- | --- | --- |", *rows(port, options.wheel)]) + "\n"
    finally:
        server.kill()
        server.wait()
    print(table)
    if options.write:
        write(table)


if __name__ == "__main__":
    main()
