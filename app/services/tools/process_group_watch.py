"""Ends a group of processes when the program that started it is gone, even by a crash.

Run as a script of its own, with the group's number:
`python -I -S process_group_watch.py 1234`. Its input is a pipe that the program alone holds, and
that ends with it.
"""

import os
import signal
import sys


def main() -> None:
    """Wait for the end of the input."""
    while os.read(0, 1):
        pass
    os.killpg(int(sys.argv[1]), signal.SIGKILL)


if __name__ == "__main__":
    main()
