"""The child process of `LocalProvider`: loads the model and serves it on loopback until its parent is gone.

It is run as a file, not as part of the package, so that it starts fast: it imports the standard library
and xllamacpp only. The parent writes one JSON line to stdin (the settings, with the API key) and gets one
back on stdout: `{"address": URL}` or `{"error": KIND, "detail": TEXT}`. End of stdin means: end.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from typing import Any, BinaryIO

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Read the settings, serve, and stay until stdin ends."""
    answer = _silence()
    _die_with_parent()
    settings = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_exit_at_end_of, args=(sys.stdin.buffer,), daemon=True).start()
    try:
        server = _serve(settings)
    except ImportError as error:
        reply = {"error": "import", "detail": str(error)}
    except Exception as error:
        reply = {"error": "load", "detail": str(error)}
    else:
        reply = {"address": str(server.listening_address)}
    answer.write(json.dumps(reply).encode() + b"\n")
    answer.flush()
    if "address" in reply:
        threading.Event().wait()


def _silence() -> BinaryIO:
    """Keep native code away from the terminal: stdout and stderr lead nowhere; returns the real stdout."""
    real = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return real


def _die_with_parent() -> None:
    """On Linux the kernel ends this process with its parent, even where somebody else holds the pipe open."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _exit_at_end_of(pipe: BinaryIO) -> None:
    """End this process when the pipe ends; not by the interpreter's way out, which would wait for streams."""
    while pipe.read(1024):
        pass
    os._exit(0)


def _serve(settings: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings["model"]
    params.model_alias = {settings["alias"]}
    params.api_keys = [settings["api_key"]]
    params.n_ctx = settings["n_ctx"]
    params.n_parallel = settings["parallel"]
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    params.port = 0
    params.verbosity = -1
    wishes = {
        "kv_unified": True,  # one chat may use the whole context while the others are short
        "hostnames": ["127.0.0.1"],
        "cors_origins": "",
        "ui": False,
        "endpoint_slots": False,
        "cache_ram_mib": settings["cache_mib"],  # the default would let the process grow by 8 GiB
    }
    for name, value in wishes.items():
        if hasattr(params, name):
            setattr(params, name, value)
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
