"""Stand-in for the module `vcr`, with whose cassettes Tweepy's own tests replace the network."""

from __future__ import annotations

import os
import sys
import types
from typing import Any

from chirrup.testing import use_cassette

ENVIRONMENT = {
    # Nothing listens there: a request without a cassette must not reach X.
    "CHIRRUP_BASE_URL": "http://127.0.0.1:9",
    # An access token begins with the ID of its user, which is in the paths of the cassettes.
    "ACCESS_KEY": "1072250532645998596-token",
}


class VCR:
    """Folder of cassettes, which are played by `chirrup.testing`."""

    def __init__(self, cassette_library_dir: str, **_options: Any) -> None:
        self.folder = os.path.abspath(cassette_library_dir)

    def use_cassette(self, name: str, **_options: Any) -> Any:
        path = os.path.join(self.folder, name)
        # As in VCR.py, a test without requests needs no file.
        return use_cassette(path, record_mode="none") if os.path.exists(path) else lambda test: test


def install() -> None:
    """Makes `import vcr` mean this module."""
    module = types.ModuleType("vcr")
    vars(module)["VCR"] = VCR
    sys.modules["vcr"] = module
    os.environ.update(ENVIRONMENT)
