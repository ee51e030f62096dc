"""The language of searches and stream rules: parse, check, explain and match. Nothing here uses the network."""

import sys

from . import _native

# The functions are those of the native module.
sys.modules[__name__] = _native.query
