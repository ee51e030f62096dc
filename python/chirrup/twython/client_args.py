"""The argument `client_args` of Twython, as settings of a client."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .exceptions import TwythonError


def client_settings(client_args: dict[str, Any]) -> dict[str, Any]:
    """Returns the settings of a client. Of the headers, only `User-Agent` is one of them."""
    settings: dict[str, Any] = {}
    for name, value in (client_args.get("headers") or {}).items():
        if name.lower() == "user-agent":
            settings["user_agent"] = value
    proxies = client_args.get("proxies") or {}
    if proxy := proxies.get("https") or proxies.get("http"):
        settings["proxy"] = proxy
    timeout = client_args.get("timeout")
    if isinstance(timeout, tuple):
        timeout = sum(part for part in timeout if part)
    if timeout:
        settings["timeout"] = float(timeout)
    verify = client_args.get("verify", True)
    if verify is False:
        raise TwythonError("verify=False is not supported: give the certificate of your own authority as verify=path")
    if isinstance(verify, (str, os.PathLike)):
        settings["extra_root_certificates"] = Path(verify).read_bytes()
    return settings
