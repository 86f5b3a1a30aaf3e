"""The child process: runs llama.cpp's server, and ends when the program ends.

Run as `python -m app.engine.child`. Reads one JSON line (see `LaunchOptions`) from stdin, and ends
when stdin is closed. Writes one JSON line to stdout: `{"port": …, "context": …}` when it serves,
or `{"refused": …}` if it can't. llama.cpp's log goes to stderr.
"""

import json
import os
import signal
import sys
import threading
from typing import Any, TypedDict

PR_SET_PDEATHSIG = 1  # linux/prctl.h


class LaunchOptions(TypedDict):
    """The options that the parent sends: path and name of the model, API key, sizes."""

    model: str
    name: str
    key: str
    #: Context size in tokens, for each of the parallel answers.
    context: int
    parallel: int
    #: The parent's process id if its main thread started this process, else 0.
    parent: int


def main() -> None:
    """Serve until stdin is closed. Exits with status 1 if llama.cpp can't load the model."""
    output = os.dup(1)
    # llama.cpp writes its log to the C library's stdout too, but the parent reads only our line.
    os.dup2(2, 1)
    order: LaunchOptions = json.loads(sys.stdin.buffer.readline())
    die_with(order["parent"])
    threading.Thread(target=end_with_stdin, daemon=True).start()
    try:
        server = serve(order)
    except (RuntimeError, ImportError) as error:
        refusal = {"refused": f"{type(error).__name__}: {error}"}
        os.write(output, json.dumps(refusal).encode() + b"\n")
        sys.exit(1)
    port = int(server.listening_address.rpartition(":")[2])
    ready = {"port": port, "context": context_of(port, order["key"])}
    os.write(output, json.dumps(ready).encode() + b"\n")
    threading.Event().wait()


def die_with(parent: int) -> None:
    """Ask Linux to kill this process when the parent's main thread ends (prctl PR_SET_PDEATHSIG).

    Watching stdin is not enough: xllamacpp 2026.10 keeps Python's global lock while it loads a
    model (1.2 s for the small one), so the watching thread can't run.
    """
    if not parent or not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # the parent died before prctl
        os._exit(1)


def end_with_stdin() -> None:
    """Wait until the parent closes the pipe to stdin, then end this process at once."""
    while os.read(0, 4096):
        pass
    # Not llama.cpp's own shutdown, which waits for unfinished answers; there is nothing to save.
    os._exit(0)


def serve(order: LaunchOptions) -> Any:
    """Load the model and start the server on a free port of 127.0.0.1.

    Raises RuntimeError if llama.cpp can't load the model, ImportError if xllamacpp is missing.
    """
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = order["model"]
    params.model_alias = {order["name"]}
    params.api_keys = [order["key"]]
    # An empty allowed origin matches no web page, so browsers let no page read an answer.
    params.cors_origins = ""
    params.cors_credentials = False
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    # Jinja: use the model's own chat template. Without it a trailing assistant message is closed
    # instead of continued. With it a request with `tools` can hang its slot, so the dialect of the
    # embedded model never sends tools.
    params.use_jinja = True
    params.n_parallel = order["parallel"]
    # Not `kv_unified`: it needs half the memory, but when two long answers overfill the shared
    # context, both fail ("Context size has been exceeded").
    params.n_ctx = order["context"] * order["parallel"]
    # llama.cpp notices a closed connection only when it writes; while it reads a prompt, with
    # `return_progress` in the request, that is once per batch. So small batches free a slot sooner
    # after Stop: 0.26 s at 128, 0.5 s at 256, 12 s at 2048.
    params.n_batch = params.n_ubatch = 128
    params.cache_ram_mib = 256
    # Half of the logical processors (the real cores with hyperthreading); the window needs the
    # rest. More threads wait for each other when anything else runs: on two busy cores one thread
    # gave 52 tokens/s and two gave 4 to 23 (on idle cores 59 and 85).
    threads = max(1, (os.cpu_count() or 1) // 2)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    # Fitting to a graphics card's memory loads the model twice: 1.0 s instead of 0.7 s.
    params.fit_params = False
    params.warmup = False
    return xllamacpp.Server(params)


def context_of(port: int, key: str) -> int:
    """Ask the server (GET /props) for the context size in tokens of one answer.

    It is less than requested if the model was trained with less.
    """
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/props", headers={"Authorization": f"Bearer {key}"})
    properties = json.loads(connection.getresponse().read())
    connection.close()
    return int(properties["default_generation_settings"]["n_ctx"])


if __name__ == "__main__":
    main()
