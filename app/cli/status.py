"""Exit statuses of the commands. Scripts rely on these four."""

DONE = 0
FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
