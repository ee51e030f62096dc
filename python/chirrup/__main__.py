"""The program `chirrup`: the X API from the command line."""

import signal
import sys

from ._native import run_program


def main() -> int:
    """Runs the program with the arguments of this process, and returns its exit code."""
    # The program handles signals itself, or ends by them. The handlers of Python would keep it alive.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_program(["chirrup", *sys.argv[1:]], [sys.executable, "-m", "chirrup"])


if __name__ == "__main__":
    sys.exit(main())
