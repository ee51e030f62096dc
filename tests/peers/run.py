"""Calls every public method of third-party clients against a sandbox, and writes the results as a table.

Each client gets a sandbox of its own, to which environment variables lead it; for Node.js, `redirect.cjs` does. A client that is
not installed, or in another version, is skipped.
"""

import argparse
import collections
import concurrent.futures
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

class Client(collections.namedtuple("Client", "name package script environment options")):
    @property
    def version(self):
        return re.split("==|@", self.package)[-1]


CLIENTS = [
    Client("Tweepy", "tweepy==4.17.0", "tweepy_calls.py", "main", ["--unlimited"]),
    Client("Twython", "twython==3.9.1", "twython_methods.py", "main", []),
    Client("Python Twitter Tools", "twitter==1.19.6", "ptt_methods.py", "ptt", []),
    Client("Python Twitter Tools, module", "twitter==1.19.6", "ptt_methods.py module", "ptt", ["--unlimited"]),
    Client("PyTweet", "pytweet==1.3.6", "pytweet_calls.py", "main", ["--unlimited"]),
    Client("python-twitter", "python-twitter==3.5", "python_twitter_calls.py", "main", ["--unlimited"]),
    Client("python-twitter-v2", "python-twitter-v2==0.9.3", "python_twitter_v2_calls.py", "main", ["--unlimited"]),
    Client("xdk for Python", "xdk==0.10.6", "xdk_calls.py", "main", ["--unlimited", "--dialect", "post"]),
    Client("xdk for TypeScript", "@xdevplatform/xdk@0.6.6", "xdk_calls.cjs", "node", ["--unlimited"]),
    Client("twitter-api-v2", "twitter-api-v2@1.29.1", "twitter_api_v2_calls.cjs", "node", ["--unlimited"]),
    Client("twarc", "twarc==2.14.0", "twarc_runs.py", "main", ["--unlimited"]),
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
    """Installs the packages of an environment in a folder, once."""
    place = folder / environment
    packages = NODE if environment == "node" else PYTHON[environment]
    marker = place / "installed"
    if marker.exists() and marker.read_text() == "\n".join(packages):
        return
    place.mkdir(parents=True, exist_ok=True)
    if environment == "node":
        installed = succeeds("npm", "install", "--prefix", str(place), "--no-audit", "--no-fund", *packages)
    else:
        pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        installed = succeeds(sys.executable, "-m", "venv", str(place)) and succeeds(*pip, *packages)
    if installed:
        marker.write_text("\n".join(packages))
    else:
        print(f"{', '.join(packages)} cannot be installed", file=sys.stderr)


def interpreters(args):
    """Returns the Python of the client's environment and of the scripts that Node.js starts, and the `NODE_PATH`.

    Without a folder, they are those of the caller.
    """
    if not args.packages:
        return {name: sys.executable for name in PYTHON}, os.environ.get("NODE_PATH", "")
    python = {name: str(args.packages / name / "bin" / "python") for name in PYTHON}
    return python, str(args.packages / "node" / "node_modules")


def is_installed(client, python, node_path):
    """Tells whether the package of a client is there in the version that its table of calls is for."""
    if client.environment == "node":
        name, _, version = client.package.rpartition("@")
        found = Path(node_path) / name / "package.json"
        return found.is_file() and json.loads(found.read_text())["version"] == version
    name, _, version = client.package.partition("==")
    code = f"import importlib.metadata as m; assert m.version({name!r}) == {version!r}; import requests_oauthlib"
    return succeeds(python[client.environment], "-c", code)


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
    """Runs the script of a client against a new sandbox. Returns its lines and the seconds, or `None` without its package."""
    start = time.monotonic()
    python, node_path = interpreters(args)
    if not is_installed(client, python, node_path):
        return None, 0
    node = client.environment == "node"
    command = ["node", "--require", str(HERE / "redirect.cjs")] if node else [python[client.environment]]
    main = python["main"]
    name, *words = client.script.split(" ")
    script = [str(HERE / name), *words]
    with Sandbox(args.chirrup, client.options) as sandbox:
        environment = sandbox.environment | {
            "PEERS_PYTHON": main, "NODE_PATH": node_path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore",
            # oauthlib refuses the callback URL of the app, which is on this machine and has no TLS.
            "OAUTHLIB_INSECURE_TRANSPORT": "1", "PATH": f"{Path(main).parent}{os.pathsep}{os.environ['PATH']}",
        }
        child = subprocess.Popen(
            [*command, *script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            out, err = child.communicate(timeout=args.seconds)
            note = (err.strip().splitlines() or [f"exit code {child.returncode}"])[-1]
        except subprocess.TimeoutExpired:
            child.kill()
            out, _ = child.communicate()
            note = f"stopped after {args.seconds} seconds"
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    if child.returncode:
        lines.append({"client": client.name, "method": client.script, "result": "fails", "note": note})
    lines.sort(key=lambda line: (line["client"], line["method"]))
    return lines, time.monotonic() - start


def page(results):
    """Returns the page with the table of results, in Markdown."""
    head = ["client", "methods", *RESULTS]
    out = [
        "# Third-party clients", "",
        "The environment variables that `chirrup sandbox --tls` prints lead these clients to the sandbox. The clients for Python run without a",
        "changed line; an asynchronous client of Tweepy has a session with `trust_env=True`, as aiohttp demands for a proxy. The clients for",
        "Node.js run with `tests/peers/redirect.cjs`, because older versions of Node.js ignore `HTTPS_PROXY`. That file sends HTTPS through the",
        "proxy and replaces the host in each call of `fetch`, the function behind every request of xdk for TypeScript. All public methods are",
        "enumerated, and each is called.", "",
        "`python3 tests/peers/run.py --write docs/peers.md` writes this page, and CONTRIBUTING.md says how to install the clients.", "",
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
    parser.add_argument("--chirrup", default="chirrup", help="the program that starts the sandbox")
    parser.add_argument("--packages", type=Path, help="folder with the installed clients; default: this Python and NODE_PATH")
    parser.add_argument("--install", action="store_true", help="installs the clients in the folder first")
    parser.add_argument("--only", action="append", metavar="CLIENT", help="runs one client, may be repeated")
    parser.add_argument("--seconds", type=int, default=300, help="time limit of a client")
    parser.add_argument("--jobs", type=int, default=3, help="number of clients that run at the same time")
    parser.add_argument("--write", type=Path, metavar="FILE", help="writes the table of results")
    args = parser.parse_args()
    if args.install and args.packages:
        for environment in [*PYTHON, "node"]:
            install(args.packages, environment)
    clients = [client for client in CLIENTS if not args.only or client.name in args.only]
    results, failures = [], 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for client, (lines, seconds) in zip(clients, pool.map(lambda client: run(client, args), clients)):
            if lines is None:
                print(f"SKIPPED: {client.name}: {client.package} is not installed", flush=True)
                continue
            results.append((client, lines))
            count = collections.Counter(line["result"] for line in lines)
            counts = ", ".join(f"{count[name]} {name}" for name in RESULTS if count[name])
            print(f"{client.name} {client.version}: {counts} ({seconds:.0f} s)", flush=True)
            for line in lines:
                if line["result"] in ("fails", "not called"):
                    failures += 1
                    print(f"  {line['client']} {line['method']}: {line['result']}: {line['note']}", flush=True)
    if args.write and len(results) == len(CLIENTS):
        args.write.write_text(page(results))
    elif args.write:
        print(f"SKIPPED: {args.write} is not written without the results of every client")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
