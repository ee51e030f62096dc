"""Records of the logger `chirrup.client`."""

import asyncio
import logging
import subprocess
import sys
import time

import chirrup


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def test_retries_waits_and_costs_are_logged_without_secrets(sandbox, caplog):
    caplog.set_level(logging.DEBUG, "chirrup")
    sandbox.add_fault(fault="response", status=503, times=1)
    client = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials, budget=1)
    client.search_recent("the")
    records = {record.getMessage().split(" endpoint=")[0]: record for record in caplog.records if record.name == "chirrup.client"}
    assert records["call"].fields["status"] == "200" and records["call"].levelno == logging.DEBUG
    assert records["retry after a wait"].levelno == logging.INFO and "wait" in records["retry after a wait"].fields
    assert records["spent"].fields["endpoint"] == "search_recent" and "0." in records["spent"].fields["cost"]
    secrets = [value for name, value in sandbox.environment().items() if "SECRET" in name or "TOKEN" in name]
    assert secrets and not [secret for secret in secrets if secret in caplog.text]
    sandbox.clear_faults()


def test_calls_are_logged_only_at_the_level_debug(client, caplog):
    caplog.set_level(logging.INFO, "chirrup")
    client.get_me()
    assert caplog.records == []


async def test_a_wait_for_a_rate_limit_is_logged_when_it_begins(caplog):
    caplog.set_level(logging.INFO, "chirrup")
    with chirrup.Sandbox(users=5, posts=10) as sandbox:
        options = {"base_url": sandbox.url, "credentials": sandbox.credentials, "wait_on_rate_limit": True}
        client = chirrup.AsyncClient(**options)
        while (await client.get_me()).rate_limit[1]:
            pass
        waiting = client.get_me()
        while "wait for the rate limit" not in caplog.text:
            await asyncio.sleep(0.01)
        waiting.cancel()
    record = caplog.records[-1]
    assert record.fields["endpoint"] == "get_me" and record.levelno == logging.INFO


def test_a_handler_may_call_the_library(client, sandbox):
    names = []

    class Calling(logging.Handler):
        def emit(self, record):
            logging.getLogger("chirrup").setLevel(logging.ERROR)
            names.append(client.get_me().data.username)

    logger = logging.getLogger("chirrup")
    handler, level = Calling(), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        client.get_me()
        wait_for(lambda: names)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert names == ["ada"]


def test_a_program_without_logging_is_shown_nothing(sandbox):
    program = "import chirrup\ntry:\n    chirrup.Client(base_url='http://127.0.0.1:9', bearer_token='a', retries=0).get_user(1)\nexcept chirrup.Error: pass"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
