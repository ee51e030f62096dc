"""Calls every public method of third-party clients against a sandbox, and writes the results as a table.

Each client gets a sandbox of its own, to which environment variables alone lead it.

Usage: run.py --chirrup PROGRAM --packages FOLDER [--write FILE] [--only CLIENT]
"""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
# `twitter` and `python-twitter` install the same module, so they need environments of their own.
COMMON = ["requests==2.34.2", "requests-oauthlib==2.0.0"]
PYTHON = {
    "main": COMMON + [
        "tweepy[async]==4.17.0", "twython==3.9.1", "pytweet==1.3.6", "python-twitter==3.5", "python-twitter-v2==0.9.3",
        "setuptools==65.5.0", "twarc==2.14.0", "xdk==0.10.6",
    ],
    "ptt": COMMON + ["twitter==1.19.6"],
}
NODE = ["twitter-api-v2@1.29.1", "@xdevplatform/xdk@0.6.6"]
Client = collections.namedtuple("Client", "name version script environment options")
CLIENTS = [
    Client("Tweepy", "4.17.0", "tweepy_calls.py", "main", ["--unlimited"]),
    Client("Twython", "3.9.1", "twython_methods.py", "main", []),
    Client("Python Twitter Tools", "1.19.6", "ptt_methods.py", "ptt", []),
    Client("PyTweet", "1.3.6", "pytweet_calls.py", "main", ["--unlimited"]),
    Client("python-twitter", "3.5", "python_twitter_calls.py", "main", ["--unlimited"]),
    Client("python-twitter-v2", "0.9.3", "python_twitter_v2_calls.py", "main", ["--unlimited"]),
    Client("xdk for Python", "0.10.6", "xdk_calls.py", "main", ["--unlimited", "--dialect", "post"]),
    Client("xdk for TypeScript", "0.6.6", "xdk_calls.cjs", "node", ["--unlimited", "--dialect", "post"]),
    Client("twitter-api-v2", "1.29.1", "twitter_api_v2_calls.cjs", "node", ["--unlimited"]),
    Client("twarc", "2.14.0", "twarc_runs.py", "main", ["--unlimited"]),
]
RESULTS = ["works", "refused", "fault of the client", "no request", "fails", "not called"]
MEANING = {
    "works": "the method returns what its documentation says, and the client validates or parses the response",
    "refused": "the specification of X refuses the call, for the reason given",
    "fault of the client": "the client cannot make the call, whatever the server answers",
    "no request": "the method sends nothing",
    "fails": "the sandbox answers differently from X",
    "not called": "the table of calls has no entry",
}


def succeeds(*command, **options):
    try:
        return subprocess.run(command, capture_output=True, timeout=900, **options).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install(folder, environment):
    """Installs the packages of an environment, and returns its interpreter or `None`."""
    place = folder / environment
    packages = NODE if environment == "node" else PYTHON[environment]
    program = "node" if environment == "node" else str(place / "bin" / "python")
    marker = place / "installed"
    if marker.exists() and marker.read_text() == "\n".join(packages):
        return program
    place.mkdir(parents=True, exist_ok=True)
    if environment == "node":
        installed = succeeds("npm", "install", "--prefix", str(place), "--no-audit", "--no-fund", *packages)
    else:
        installed = succeeds(sys.executable, "-m", "venv", str(place)) and succeeds(
            program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages
        )
    if not installed:
        print(f"SKIPPED: {', '.join(packages)} cannot be installed", file=sys.stderr)
        return None
    marker.write_text("\n".join(packages))
    return program


class Sandbox:
    """A sandbox process, and the environment that leads programs to it."""

    def __init__(self, program, options):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("X_", "CHIRRUP_"))}
        command = [program, "sandbox", "--port", "0", "--tls", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, env=clean, text=True)
        self.environment = clean
        for line in self.process.stdout:
            if found := re.fullmatch(r"export (\w+)='?(.*?)'?\n", line):
                self.environment[found[1]] = found[2]
            if "callback" in line:
                break

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def run(client, args):
    """Runs the script of a client against a new sandbox, and returns its lines, or `None` without its packages."""
    interpreter = install(args.packages, client.environment)
    python = install(args.packages, "main")
    if not interpreter or not python:
        return None
    with Sandbox(args.chirrup, client.options) as sandbox:
        environment = sandbox.environment | {
            "PEERS_PYTHON": python, "NODE_PATH": str(args.packages / "node" / "node_modules"), "PYTHONDONTWRITEBYTECODE": "1",
            # oauthlib refuses the callback URL of the app, which is on this machine and has no TLS.
            "OAUTHLIB_INSECURE_TRANSPORT": "1",
            "PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONWARNINGS": "ignore",
        }
        command = [interpreter, *(["--require", str(HERE / "redirect.cjs")] if client.environment == "node" else [])]
        script = [*command, str(HERE / client.script)]
        done = subprocess.run(script, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=1200)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode:
        note = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        lines.append({"client": client.name, "method": client.script, "result": "fails", "note": note[0]})
    return lines


def page(results):
    """Returns the page with the table of results, in Markdown."""
    head = ["client", "methods", *RESULTS]
    out = [
        "# Third-party clients", "",
        "Each client is unmodified, and led to the sandbox by the environment variables that `chirrup sandbox --tls` prints. Its", 
        "public methods are enumerated, and each is called. `cargo test -p chirrup-cli --test cli -- --ignored third_party` writes this page.", "",
        *(f"- **{name}**: {MEANING[name]}." for name in RESULTS), "",
        "| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1),
    ]
    for client, lines in results:
        count = collections.Counter(line["result"] for line in lines)
        cells = [f"{client.name} {client.version}", str(len(lines)), *(str(count[name]) for name in RESULTS)]
        out.append("| " + " | ".join(cells) + " |")
    for client, lines in results:
        out += ["", f"## {client.name}", ""]
        parts = collections.defaultdict(list)
        for line in lines:
            parts[line["client"]].append(line)
        for part, lines_of_part in parts.items():
            works = [f"`{line['method']}`" for line in lines_of_part if line["result"] == "works"]
            out += [f"**{part}**, {len(works)} of {len(lines_of_part)} work: {', '.join(works)}.", ""]
            rest = [line for line in lines_of_part if line["result"] != "works"]
            if rest:
                out += ["| method | result | reason |", "| --- | --- | --- |"]
                out += [f"| `{line['method']}` | {line['result']} | {line['note'].replace('|', '/')} |" for line in rest] + [""]
        out.pop()
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chirrup", required=True)
    parser.add_argument("--packages", required=True, type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--only")
    args = parser.parse_args()
    results, failures = [], 0
    for client in CLIENTS:
        if args.only and args.only != client.name:
            continue
        start = time.monotonic()
        lines = run(client, args)
        if lines is None:
            print(f"SKIPPED: {client.name}", flush=True)
            continue
        lines.sort(key=lambda line: (line["client"], line["method"]))
        results.append((client, lines))
        count = collections.Counter(line["result"] for line in lines)
        print(f"{client.name}: {dict(count)} in {time.monotonic() - start:.0f} s", flush=True)
        for line in lines:
            if line["result"] in ("fails", "not called"):
                failures += 1
                print(f"  {line['client']} {line['method']}: {line['result']}: {line['note']}", flush=True)
    if args.write and len(results) == len(CLIENTS):
        args.write.write_text(page(results))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
