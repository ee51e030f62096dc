"""The text rules of a post: weighted length, entities, links as HTML, and threads. Nothing here uses the network."""

import sys

from . import _native

# The functions are those of the native module.
sys.modules[__name__] = _native.text
