"""A test of a client, as a project writes it."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest


def post(url, token, text):
    """The client under test: it repeats a post that X surely did not process."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    request = Request(f"{url}/2/tweets", json.dumps({"text": text}).encode(), headers)
    try:
        return json.load(urlopen(request))["data"]["id"]
    except HTTPError as error:
        if error.code != 503:
            raise
        return json.load(urlopen(request))["data"]["id"]


def test_a_client_survives_a_bad_evening(sandbox, clock, faults, journal, webhook):
    sandbox.reset()
    sandbox.subscribe(webhook.url, "ada")
    token, before = sandbox.token("ada"), clock.now
    clock.advance(hours=2)
    assert (clock.now - before).total_seconds() >= 7200

    faults.respond(503, endpoint="create_post")
    written = post(sandbox.url, token, "Good evening")
    assert webhook.wait()["tweet_create_events"][0]["id_str"] == written

    faults.lose_answer(endpoint="create_post")
    with pytest.raises(OSError):
        post(sandbox.url, token, "Good night")
    first, second, third = journal.entries(endpoint="create_post")
    assert (first["fault"], second["created_id"]) == ("response", written)
    assert third["created_id"] and not third["response_intact"], "the post exists, although its answer is lost"
