"""The examples in the documents of the replaced libraries run against the sandbox with only the import changed."""

import base64
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import chirrup
import documented_examples as examples
import pytest
from chirrup.twitter import Twitter, Twitter2, oauth_dance
from consent_page import pin
from documented_examples import Enough, Writer
from test_twython import PICTURE

USERS = "id,username,name\n2244994900,ada,Ada Finch\n101,boogheta,Boo\n102,PythonTwitTools,Tools\n103,maxmunnecke,Max\n"
POSTS = "id,text,author\n1564290764359753730,Hello #pycon,boogheta\n1293595870563381249,More python,PythonTwitTools\n"

# Statements that X refuses as well, or whose objects exist at X alone, and why.
REFUSED = {
    "tw.collections.show(": "X has retired collections; the document says of the second call that it is refused",
    "tw2.users._id.muting(_id=user_id, _method=": "the document does not name the user to mute",
    "tw.lists.members(owner_screen_name": "the list exists at X alone",
}


def delete_statuses(namespace):
    """Deletes the user's statuses: X refuses a text that the user has posted already, and the document repeats one."""
    twitter = Twitter(auth=namespace["oauth"])
    for status in twitter.statuses.user_timeline():
        twitter.statuses.destroy(id=status["id"])


def add_rule(namespace):
    """Adds a rule: X refuses a stream without one, and the document adds them after its first use."""
    app = Twitter2(auth=namespace["oauth2"])
    app.tweets.search.stream.rules(_json={"add": [{"value": "programming"}]})


# Functions that are called before a statement, so that X accepts it.
PREPARATIONS = {
    "tw.tweets(_json=": delete_statuses,
    "for tweet in tw2_stream.tweets.search.stream()": add_rule,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Returns a sandbox with the users and posts that the documents name, made by the program."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "users.csv").write_text(USERS)
    (folder / "posts.csv").write_text(POSTS)
    files = ["--from", "users.csv", "--from", "posts.csv", "--data", "world.db", "--port", "0"]
    command = [sys.executable, "-m", "chirrup", "sandbox", *files]
    environment = {**os.environ, "PYTHONPATH": str(Path(chirrup.__file__).parents[1])}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as program:
        for line in program.stdout:
            if "CHIRRUP_BASE_URL" in line:
                urllib.request.urlopen(line.split("'")[1]).close()
                break
        program.terminate()
    assert program.returncode == 0
    with chirrup.Sandbox(data_file=folder / "world.db") as sandbox:
        yield sandbox


@pytest.fixture
def environment(world, monkeypatch, tmp_path):
    environment = world.environment()
    monkeypatch.setenv("CHIRRUP_BASE_URL", environment["CHIRRUP_BASE_URL"])
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "example.png").write_bytes(PICTURE)
    return environment


def example(read, beginning):
    text = examples.document(beginning)
    if text is None:
        pytest.skip(f"the documents are not in {examples.FOLDER}: their examples do not run")
    return read(text)


def outcomes(statements, namespace):
    """Runs all statements and returns those that failed, apart from the refused ones."""
    failed, refused = [], 0
    for statement in statements:
        for beginning, prepare in PREPARATIONS.items():
            if statement.startswith(beginning):
                prepare(namespace)
        error = examples.run(statement, namespace)
        if error is None:
            continue
        if statement.startswith(tuple(REFUSED)):
            refused += 1
        else:
            failed.append(f"{statement}\n    {type(error).__name__}: {error}")
    return failed, refused


def test_the_examples_of_python_twitter_tools_run(environment, world, monkeypatch):
    statements = example(examples.python_twitter_tools, "# Python Twitter Tools")
    # The placeholders of keys are those of the sandbox.
    statements = [statement for statement in statements if '= "xxxxxxxx"' not in statement]
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    monkeypatch.setattr("builtins.input", lambda prompt: pin(opened[-1], "PythonTwitTools"))
    # The document reads the muted users of this user, who alone may do so.
    token, token_secret = oauth_dance("Examples", environment["X_CONSUMER_KEY"], environment["X_CONSUMER_SECRET"])

    def stop(*_):
        raise Enough

    namespace = dict(
        KEY=environment["X_CONSUMER_KEY"],
        SECRET=environment["X_CONSUMER_SECRET"],
        CONSUMER_KEY=environment["X_CONSUMER_KEY"],
        CONSUMER_SECRET=environment["X_CONSUMER_SECRET"],
        OAUTH_TOKEN=token,
        OAUTH_TOKEN_SECRET=token_secret,
        BEARER_TOKEN=environment["X_BEARER_TOKEN"],
        A_LIST_OF_100_SCREEN_NAMES=["ada", "boogheta"],
        base64_image=base64.b64encode(PICTURE).decode(),
        process_tweet=stop,
        print=stop,
    )
    with Writer(world, "python programming"):
        failed, refused = outcomes(statements, namespace)
    assert not failed, "\n".join(failed)
    assert (len(statements), refused) == (85, 4)


def test_the_examples_of_twython_run(environment, world, capsys):
    statements = example(examples.twython, "Twython 3.4.0 documentation")
    names = ("APP_KEY", "APP_SECRET", "OAUTH_TOKEN", "OAUTH_TOKEN_SECRET")
    variables = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
    namespace = dict({name: environment[f"X_{variable}"] for name, variable in zip(names, variables)})
    world.write_post("ada", "A python in the grass")
    failed, refused = outcomes(statements, namespace)
    assert (failed, refused) == ([], 0)
    printed = capsys.readouterr().out
    assert "https://api.twitter.com/1.1/search/tweets.json?q=python&result_type=popular" in printed
    assert "A python in the grass" in printed


def test_the_examples_of_pytweet_run(environment, world):
    statements = example(examples.pytweet, "public classes of pytweet")
    assert len(statements) == 2
    from chirrup import pytweet

    seen = []
    stream = pytweet.Stream().add_rule("bittern")
    client = pytweet.Client(environment["X_BEARER_TOKEN"], stream=stream)
    failed, _ = outcomes(statements, dict(client=client, print=seen.append))
    assert not failed
    on_stream = client.http.events["stream"]

    @client.event
    def on_stream_disconnect(connection):
        seen.append(connection)

    client.http.events["stream"] = lambda tweet, connection: (on_stream(tweet, connection), connection.close())
    with Writer(world, "A bittern calls"):
        client.stream()
    assert seen == [stream.connection] * 2
