"""Names that code for Twython imports from here. They are those of the standard library."""

import json
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

is_py2 = False
is_py3 = True
str = str  # noqa: A001, PLW0127
basestring = (str, bytes)
numeric_types = (int, float)

__all__ = [
    "basestring",
    "is_py2",
    "is_py3",
    "json",
    "numeric_types",
    "parse_qsl",
    "quote_plus",
    "str",
    "urlencode",
    "urlsplit",
]
