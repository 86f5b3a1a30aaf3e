"""What the exit status says; scripts rely on these four, and on no other being there."""

DONE = 0
FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
