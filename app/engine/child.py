"""The child process: llama.cpp's server, and a watch that ends it with the program.

Run as `python -m app.engine.child`. On stdin comes one JSON line (see `Order`), then nothing
until the end of the file, at which the process ends. On stdout goes one JSON line:
`{"port": …, "context": …}`, or `{"refused": …}`. llama.cpp's log goes to stderr.
"""

import json
import os
import signal
import sys
import threading
from typing import Any, TypedDict

PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Order(TypedDict):
    """What the parent asks for."""

    model: str
    name: str
    key: str
    #: Tokens for each of the parallel answers.
    context: int
    parallel: int
    #: The parent's process id if its main thread started us, else 0.
    parent: int


def main() -> None:
    """Serve until stdin ends."""
    say = os.dup(1)
    # llama.cpp writes its log to the C library's stdout too, where only our line may stand.
    os.dup2(2, 1)
    order: Order = json.loads(sys.stdin.buffer.readline())
    die_with(order["parent"])
    threading.Thread(target=end_with_stdin, daemon=True).start()
    try:
        server = serve(order)
    except (RuntimeError, ImportError) as error:
        os.write(say, json.dumps({"refused": f"{type(error).__name__}: {error}"}).encode() + b"\n")
        sys.exit(1)
    port = int(server.listening_address.rpartition(":")[2])
    ready = {"port": port, "context": context_of(port, order["key"])}
    os.write(say, json.dumps(ready).encode() + b"\n")
    threading.Event().wait()


def die_with(parent: int) -> None:
    """Ask Linux to kill this process when the parent's main thread ends, however it ends.

    The pipe alone is not enough while a model loads: xllamacpp 2026.10 holds the interpreter's
    lock for all of it, so the watch on stdin sleeps (1.2 s for the small model).
    """
    if not parent or not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def end_with_stdin() -> None:
    """Wait for the parent's end of the pipe to close, then leave at once."""
    while os.read(0, 4096):
        pass
    # llama.cpp's own shutdown waits for the answers under way; there is nothing to save.
    os._exit(0)


def serve(order: Order) -> Any:
    """Load the model and start the server on a free port of 127.0.0.1.

    Raises RuntimeError if llama.cpp can't load the model.
    """
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = order["model"]
    params.model_alias = {order["name"]}
    params.api_keys = [order["key"]]
    # An empty origin is one that no browser takes, so no web page reads an answer.
    params.cors_origins = ""
    params.cors_credentials = False
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    # The model's own chat template. Without it a trailing assistant message is closed instead of
    # continued. With it a request with `tools` can hang its slot, so none is ever sent here.
    params.use_jinja = True
    params.n_parallel = order["parallel"]
    # Not `kv_unified`: it needs half the memory, but when two long answers overfill the shared
    # context, both fail ("Context size has been exceeded").
    params.n_ctx = order["context"] * order["parallel"]
    # llama.cpp sees that the client has gone only where it writes: with `return_progress` in
    # the request that is once a batch. Freed after 0.26 s at 128, 0.5 s at 256, 12 s at 2048.
    params.n_batch = params.n_ubatch = 128
    params.cache_ram_mib = 256
    # Half of the processors, which are the cores where there is hyperthreading; the window needs
    # the rest. Threads that wait for one another lose more than they bring when anything else
    # runs: on two busy cores one thread gave 52 tokens/s and two gave 4 to 23 (idle: 59 and 85).
    threads = max(1, (os.cpu_count() or 1) // 2)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    # Fitting to a graphics card's memory loads the model twice: 1.0 s instead of 0.7.
    params.fit_params = False
    params.warmup = False
    return xllamacpp.Server(params)


def context_of(port: int, key: str) -> int:
    """Ask the server how many tokens one answer may use; a model trained with fewer has fewer."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/props", headers={"Authorization": f"Bearer {key}"})
    properties = json.loads(connection.getresponse().read())
    connection.close()
    return int(properties["default_generation_settings"]["n_ctx"])


if __name__ == "__main__":
    main()
