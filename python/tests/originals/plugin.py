"""Plugin of pytest: the name of the original library means the package that replaces it.

The variable `CHIRRUP_REPLACED` names the library.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from pathlib import Path

import cassettes
import chirrup
import stand_ins


def replace(library: str) -> None:
    """Makes `import LIBRARY`, and its modules, mean the package in `chirrup`."""
    package = importlib.import_module(f"chirrup.{library}")
    sys.modules[library] = package
    for module in pkgutil.walk_packages(package.__path__, f"{library}."):
        sys.modules[module.name] = importlib.import_module(f"chirrup.{module.name}")


def start_sandbox() -> chirrup.Sandbox:
    """Starts a sandbox, and sets its address and the keys of its app."""
    sandbox = chirrup.Sandbox(users=20, posts=200)
    os.environ.update(sandbox.environment())
    return sandbox


library = os.environ["CHIRRUP_REPLACED"]
if library == "twython":
    os.environ["CHIRRUP_BASE_URL"] = stand_ins.install()
elif library == "tweepy":
    cassettes.install()
else:
    sandbox = start_sandbox()
    tokens = [os.environ["X_ACCESS_TOKEN"], os.environ["X_ACCESS_TOKEN_SECRET"]]
    Path("tests/oauth_creds").write_text("\n".join(tokens) + "\n")
    # A post that the search of the tests finds.
    sandbox.write_post("ada", "foo")
replace(library)
