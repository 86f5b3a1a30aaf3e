"""Every benchmark, by the name under which it is asked for."""

from collections.abc import Callable, Mapping

from tests.benchmarks.changing_list import list_begin, list_delete, list_rename, list_send
from tests.benchmarks.composer import composer_key
from tests.benchmarks.conversation import jump, open_, open_all, page, resize
from tests.benchmarks.decoding import decode_bytes, decode_openai
from tests.benchmarks.heat import heatmap, probabilities
from tests.benchmarks.held import transcript_memory
from tests.benchmarks.idle import idle
from tests.benchmarks.live import live
from tests.benchmarks.memory import memory
from tests.benchmarks.picking import pick
from tests.benchmarks.result import Result
from tests.benchmarks.start import start, start_many, start_used
from tests.benchmarks.streaming import copy, stream, stream_growth
from tests.benchmarks.sweeping import sweep
from tests.benchmarks.what_if import whatif

BENCHMARKS: Mapping[str, Callable[[], Result]] = {
    "decode_bytes": decode_bytes,
    "decode_openai": decode_openai,
    "start": start,
    "start_used": start_used,
    "start_many": start_many,
    "memory": memory,
    "idle": idle,
    "stream": stream,
    "stream_growth": stream_growth,
    "live": live,
    "open": open_,
    "open_all": open_all,
    "page": page,
    "jump": jump,
    "resize": resize,
    "transcript_memory": transcript_memory,
    "copy": copy,
    "list_send": list_send,
    "list_begin": list_begin,
    "list_rename": list_rename,
    "list_delete": list_delete,
    "pick": pick,
    "composer_key": composer_key,
    "heatmap": heatmap,
    "probabilities": probabilities,
    "whatif": whatif,
    "sweep": sweep,
}
