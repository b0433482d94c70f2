"""Lists the benchmarks, or runs one (JSON) or all of them (tables)."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Callable, Mapping, Sequence

from tests import benchmarks

NO_BENCHMARKS = {"harness", "__main__"}


def names() -> list[str]:
    """The benchmarks there are, by the alphabet."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in found if not name.startswith("_") and name not in NO_BENCHMARKS)


def load(name: str) -> tuple[str, Callable[[bool], dict[str, object]]]:
    """What a benchmark measures, and its `run`."""
    module = importlib.import_module(f"{benchmarks.__name__}.{name}")
    return (module.__doc__ or "").strip().partition("\n")[0], module.run


def table(result: Mapping[str, object]) -> str:
    """The rows of a result, a column for each key that any of them has; the result as JSON without rows."""
    rows = result.get("rows")
    if not isinstance(rows, list) or not rows:
        return json.dumps(result, indent=2)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [columns, *([str(row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(line[index]) for line in cells) for index in range(len(columns))]
    lines = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in cells]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; 2 where it names no benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", help="one of the benchmarks, or `all`; without it they are listed")
    parser.add_argument("--tiny", action="store_true", help="the smallest size, to see that it works")
    options = parser.parse_args(arguments)
    if options.name is None:
        for name in names():
            print(f"{name:24}{load(name)[0]}")
        return 0
    if options.name == "all":
        for name in names():
            title, run = load(name)
            print(f"\n## {name}: {title}\n\n{table(run(options.tiny))}", flush=True)
        return 0
    if options.name not in names():
        print(f"There is no benchmark {options.name!r}; there are: {', '.join(names())}.", file=sys.stderr)
        return 2
    title, run = load(options.name)
    print(
        json.dumps(
            {"benchmark": options.name, "measures": title, "tiny": options.tiny, **run(options.tiny)},
            indent=2,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
