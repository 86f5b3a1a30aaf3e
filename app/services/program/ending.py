"""The end of the process by force, if it has not ended two seconds after it was asked to.

Saving comes first and takes milliseconds. What can hang afterwards, or before, is a call that no
code can interrupt: a keyring, a name server, a file on a network drive.
"""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

#: Seconds from a request to end until the process is ended by force.
PATIENCE = 1.9
#: Signals that ask a program to end. SIGHUP comes when the terminal or the session is closed.
SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def end_within(seconds: float, status: int) -> None:
    """End this process with an exit status after so many seconds, unless it has ended by then."""
    threading.Thread(target=_end, args=(seconds, status), name="end", daemon=True).start()


def signals_to_take() -> tuple[int, ...]:
    """Return the signals of `SIGNALS` that are not ignored on purpose, as nohup ignores SIGHUP."""
    return tuple(number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN)


class SignalWatch:
    """A thread that ends the process `PATIENCE` seconds after a signal that has a Python handler.

    Python runs a handler on the main thread between two of its own instructions, which never comes
    if the main thread hangs in a system call. This thread is told by the interpreter's wake-up
    file descriptor instead.
    """

    def __init__(self, forward: Callable[[], None] | None = None) -> None:
        """`forward` is called on the thread after each signal. Use it on the main thread."""
        self._forward = forward
        self._reading, writing = os.pipe()
        if sys.platform != "win32":
            os.set_blocking(writing, False)
        self._before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._writing = writing
        threading.Thread(target=self._watch, name="signals", daemon=True).start()

    def close(self) -> None:
        """End the thread, and restore Python's former wake-up file descriptor."""
        signal.set_wakeup_fd(self._before)
        os.close(self._writing)

    def _watch(self) -> None:
        while numbers := os.read(self._reading, 64):
            for number in numbers:
                if number in SIGNALS:
                    end_within(PATIENCE, 128 + number)
                if self._forward is not None:
                    with contextlib.suppress(OSError):
                        self._forward()
        os.close(self._reading)


def _end(seconds: float, status: int) -> None:
    time.sleep(seconds)
    os._exit(status)
