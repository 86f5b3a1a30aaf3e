"""Script that kills a process group when the program that started it ends, even by a crash.

Run with the group's number: `python -I -S process_group_watch.py 1234`. Its stdin is a pipe from
the program, which closes when the program ends.
"""

import os
import signal
import sys


def main() -> None:
    """Wait until stdin is closed, then kill the group."""
    while os.read(0, 1):
        pass
    os.killpg(int(sys.argv[1]), signal.SIGKILL)


if __name__ == "__main__":
    main()
