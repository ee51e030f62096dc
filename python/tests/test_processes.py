"""Threads, forks, signals, and the settings from the environment."""

import os
import signal
import subprocess
import sys
import threading

import chirrup
import pytest


def test_threads_share_a_client(client):
    names = []
    threads = [threading.Thread(target=lambda: names.append(client.get_me().data.username)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert names == ["ada"] * 16


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_is_refused_clearly(client):
    client.get_me()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            client.get_me()
            message = "no error"
        except RuntimeError as error:
            message = str(error)
        os.write(write, message.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        assert 'multiprocessing.get_context("spawn")' in pipe.read()
    os.waitpid(child, 0)
    assert client.get_me().data.username == "ada"


WAITING = """
import chirrup
with chirrup.Sandbox(users=5, posts=10) as sandbox:
    client = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials)
    sandbox.add_fault(fault="delay_response", seconds=600)
    try:
        print("waiting", flush=True)
        client.get_me()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_interrupts_a_call():
    process = subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "interrupted\n"


ENDING = """
import asyncio, chirrup
async def main():
    await asyncio.gather(*(client.search_recent("the") for _ in range(8)))
client = chirrup.AsyncClient.from_env()
asyncio.run(main())
"""


def test_a_program_ends_while_threads_of_the_package_are_at_work(sandbox):
    environment = os.environ | sandbox.environment()
    ended = [subprocess.run([sys.executable, "-c", ENDING], env=environment).returncode for _ in range(10)]
    assert ended == [0] * 10


def test_credentials_come_from_the_environment(sandbox, monkeypatch):
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    assert chirrup.Client.from_env(budget={"run": "0.50", "day": 5}, retries=3).get_me().data.username == "ada"
