"""Every command of twarc, run as a program."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import requests
from twarc.command2 import twarc2

import world as w
from calls import Report

PROGRAM = [sys.executable, "-c", "from twarc.command2 import twarc2; twarc2()"]


def commands(group, prefix=""):
    """Returns the names of all commands of a group, those of its groups included."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield prefix + name


def main():
    folder = Path(tempfile.mkdtemp())
    keys = {
        "CONSUMER_KEY": w.KEY, "CONSUMER_SECRET": w.SECRET, "ACCESS_TOKEN": w.TOKEN, "ACCESS_TOKEN_SECRET": w.TOKEN_SECRET,
        "BEARER_TOKEN": w.BEARER, "HOME": str(folder),
    }

    def run(*args, by_user=False, seconds=85, text=None, until_killed=False):
        auth = ["--user-auth"] if by_user else ["--app-auth"]
        command = [*PROGRAM, *auth, *args]
        try:
            done = subprocess.run(command, env=os.environ | keys, cwd=folder, input=text, capture_output=True, text=True, timeout=seconds)
        except subprocess.TimeoutExpired as late:
            if until_killed and late.stdout:
                return late.stdout.decode()
            raise
        # twarc reports errors with a symbol on stderr, and the exit code 0.
        if done.returncode or "💣" in done.stderr or "⚡" in done.stderr or "Traceback" in done.stderr:
            raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1])
        return done.stdout

    def need(out, word):
        assert word in out, out[:200]

    def ids(*names):
        path = folder / "ids.txt"
        path.write_text("\n".join(names) + "\n")
        return str(path)

    def posts():
        path = folder / "posts.jsonl"
        if not path.exists():
            path.write_text(run("search", "--limit", "100", "rust"))
        return str(path)

    def rule():
        run("stream-rules", "add", "text")
        return run("stream-rules", "list")

    def live(*args):
        with w.writing():
            need(run(*args, seconds=8, until_killed=True), '"id"')

    def done_job():
        """Returns a job with results."""
        job = w.send("POST", "/2/compliance/jobs", app_only=True, json={"type": "tweets"})["data"]
        requests.put(job["upload_url"], data="20\n999\n", timeout=30)
        while w.send("GET", f"/2/compliance/jobs/{job['id']}", app_only=True)["data"]["status"] != "complete":
            time.sleep(0.2)
        return job["id"]

    def quoted():
        quoted = w.post()
        w.send("POST", "/2/tweets", json={"text": w.text(), "quote_tweet_id": quoted})
        return quoted

    def reposted():
        reposted = w.post()
        w.send("POST", f"/2/users/{w.ME}/retweets", json={"tweet_id": reposted})
        return reposted

    def reply():
        """Returns a post with a reply."""
        first = w.post()
        w.send("POST", "/2/tweets", json={"text": w.text(), "reply": {"in_reply_to_tweet_id": first}})
        return first

    def follower():
        w.send("POST", f"/2/users/{w.ME}/followed_lists", json={"list_id": w.list_()})
        return "ada"

    runs = {
        "search": ["search --limit 20 rust", "search --archive --limit 20 rust", "search --sort-order relevancy --limit 20 rust"],
        "counts": ["counts rust", "counts --granularity hour rust", "counts --text rust", "counts --csv rust", "counts --archive --start-time 2026-10-01 rust"],
        "timeline": ["timeline --limit 20 robin", "timeline --use-search --limit 20 robin", "timeline --exclude-retweets --limit 20 robin", "timeline --exclude-replies --limit 20 12"],
        "followers": ["followers --limit 20 robin"], "following": ["following --limit 20 robin"],
        "mentions": ["mentions robin"], "user": ["user name robin", "user id 12"], "tweet": ["tweet 20", "tweet --pretty 20"],
        "conversation": ["conversation {reply}", "conversation --archive 20"], "quotes": ["quotes {quoted}"],
        "liked-tweets": ["liked-tweets --limit 20 {me}"], "liking-users": ["liking-users {mine}"], "retweeted-by": ["retweeted-by {reposted}"],
        "lists lookup": ["lists lookup {list}"], "lists owned": ["lists owned ada"], "lists followers": ["lists followers {list}"],
        "lists members": ["lists members {list}"], "lists memberships": ["lists memberships robin"], "lists followed": ["lists followed {follower}"],
        "lists tweets": ["lists tweets --limit 20 {list}"], "lists all": ["lists all {owner}"], "lists bulk-lookup": ["lists bulk-lookup {lists}"],
        "hydrate": ["hydrate {ids}"], "users": ["users --usernames {names}", "users {user_ids}"],
        "dehydrate": ["dehydrate {posts}", "dehydrate --id-type users {posts}"], "flatten": ["flatten {posts}"],
        "conversations": ["conversations --conversation-limit 5 {replies}"], "timelines": ["timelines --limit 20 {names}", "timelines --use-search --limit 20 {names}"],
        "searches": ["searches --limit 20 {queries}", "searches --archive --limit 20 {queries}", "searches --counts-only {queries}"],
        "stream-rules list": ["stream-rules list"], "stream-rules add": ["stream-rules add heron", "stream-rules add --tag birds gull"],
        "stream-rules delete": ["stream-rules delete heron"], "stream-rules delete-all": ["stream-rules delete-all"],
        "compliance-job create": ["compliance-job create --job-name one tweets {ids}", "compliance-job create --no-wait --job-name two users {user_ids}"],
        "compliance-job list": ["compliance-job list", "compliance-job list tweets", "compliance-job list --verbose users"],
        "compliance-job get": ["compliance-job get {job}"], "compliance-job download": ["compliance-job download {done}"],
        "places": ["places Lisbon", "places --type geo 38.7,-9.1", "places --json Osaka"], "version": ["version"],
    }
    by_user = {"liked-tweets", "liking-users", "places"}
    calls, methods = {}, []
    values = {
        "me": lambda: w.ME, "mine": w.liked, "list": w.list_, "lists": lambda: ids(w.list_()), "ids": lambda: ids(w.POST, "999"),
        "names": lambda: ids("robin", "ada"), "user_ids": lambda: ids(w.ROBIN, w.ME), "queries": lambda: ids("rust", "data"),
        "posts": posts, "job": w.job, "done": done_job, "quoted": quoted, "reposted": reposted, "reply": reply,
        "replies": lambda: ids(reply()), "follower": follower, "owner": lambda: (w.list_(), "ada")[1],
    }

    def by_template(template, user):
        def one():
            args = [values[word[1:-1]]() if word.startswith("{") else word for word in template.split(" ")]
            out = run(*args, by_user=user)
            assert out.strip() or template.startswith(("stream-rules", "compliance-job", "hydrate")), "no output"

        return one

    for name in sorted(commands(twarc2)):
        for template in runs.get(name, []):
            calls[f"twarc2 {template}"] = by_template(template, name in by_user)
            methods.append(f"twarc2 {template}")
        if name not in runs:
            methods.append(name)
    calls["stream"] = lambda: (rule(), live("stream"))
    calls["sample"] = lambda: live("sample")
    others = {"configure": "asks for keys, and writes them to a file"}
    report = Report("twarc")
    import calls as module

    module.TIMEOUT = 90
    report.call_all(methods, calls, others)


if __name__ == "__main__":
    main()
