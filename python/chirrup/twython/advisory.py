"""The warning for methods that are deprecated."""


class TwythonDeprecationWarning(DeprecationWarning):
    """Warning for a deprecated method of Twython, which is shown by default."""
