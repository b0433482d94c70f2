"""Benchmarks anyone can run: `python -m tests.benchmarks` lists them, `... NAME` runs one and prints JSON.

How to add one: a module in this package, its name not beginning with an underscore and not `harness`, whose
docstring says in its first line what is measured, and which has

    def run(tiny: bool) -> dict[str, object]: ...

- `tiny` asks for the smallest size that still goes through all of the code, within a few seconds: the smoke
  test calls `run(True)`, so that no benchmark can rot.
- The result can be written as JSON. Under `"rows"` it has a list of flat dictionaries, one for each case
  measured: `"case"` names it, times end in `_ms` or `_us`, sizes in `_mib`, and `ratio...` compares with the
  baseline, which is one of the rows and was measured in the same run. `... all` prints the rows as tables.
- A bound depends on a ratio and not on the machine; what must be reached stands in the module's docstring.

A latency is the time from writing a key to a pseudo-terminal until its effect comes out as bytes, because a
headless run skips the drawing: `harness.Terminal` starts a program on one, keeps reading it, and measures.
Apps that exist only to be measured are modules beginning with an underscore.
"""
