"""Run as `python -m tests.benchmarks [NAME…] [--json]`: measures and prints, asserts nothing."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.live import LONG
from tests.benchmarks.register import BENCHMARKS
from tests.benchmarks.result import Result


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmarks asked for, or all; the status says whether each could be measured."""
    arguments = _arguments(argv)
    if arguments.long:
        os.environ[LONG] = "1"
    if arguments.plot:
        from tests.benchmarks.growth import plot

        plot(arguments.plot)
        return 0
    results, failed = [], False
    for name in arguments.names or BENCHMARKS:
        print(f"measuring {name} …", file=sys.stderr)
        try:
            results.append(BENCHMARKS[name]())
        except (OSError, RuntimeError) as error:
            failed = True
            print(f"{name}: {error}", file=sys.stderr)
    if arguments.json:
        print(json.dumps([one.as_json() for one in results], indent=2, ensure_ascii=False))
    else:
        print(table(results))
    return int(failed)


def table(results: Sequence[Result]) -> str:
    """The figures in columns, then what each of them is."""
    rows = [("name", "ours", "reference", "ratio")]
    rows += [
        (
            one.name,
            _figure(one.ours, one.unit),
            _figure(one.reference, one.unit),
            f"{one.ratio:.3g}",
        )
        for one in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        row[0].ljust(widths[0])
        + "".join(f"  {cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]
    return "\n".join([*lines, "", *(f"{one.name}: {one.what}." for one in results)])


def _figure(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=", ".join(BENCHMARKS))
    parser.add_argument("--long", action="store_true", help="measure `live` for two minutes")
    parser.add_argument(
        "--plot", metavar="FILE", type=Path, help="draw how figures grow with length, as a PNG"
    )
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    arguments = parser.parse_args(argv)
    for name in arguments.names:
        if name not in BENCHMARKS:
            parser.error(f"no benchmark is called {name}; there are {', '.join(BENCHMARKS)}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
