"""The program `chirrup`, running as a sandbox."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path


class SandboxNotFound(RuntimeError):
    """The program `chirrup` is not installed."""


def find_program() -> str:
    """Returns the program: that of the variable CHIRRUP, of the Python environment (the package `chirrup`), or of PATH."""
    if named := os.environ.get("CHIRRUP"):
        return named
    name = "chirrup.exe" if os.name == "nt" else "chirrup"
    installed = Path(sysconfig.get_path("scripts")) / name
    if installed.is_file():
        return str(installed)
    if found := shutil.which("chirrup"):
        return found
    raise SandboxNotFound(
        "the program `chirrup` was not found: install it with `pip install chirrup`, or set CHIRRUP to its path"
    )


class Server:
    """A sandbox in a process of its own. It stops with `stop`, or at the end of a `with` block."""

    def __init__(self, arguments: list[str] | None = None, program: str | None = None) -> None:
        command = [program or find_program(), "--jsonl", "sandbox", "--port=0", *(arguments or [])]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the sandbox did not start: {' '.join(command)}: status {self._process.wait()}")
        started = json.loads(line)
        self.url: str = started["url"]
        self.control_token: str = started["control_token"]

    def stop(self) -> None:
        """Stops the server and everything in it."""
        self._process.terminate()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
