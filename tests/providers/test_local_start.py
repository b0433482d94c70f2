"""Starting and ending the local model's process when something is not as it should be."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from robota_tui.providers import local_server
from robota_tui.providers.local import LocalProvider
from tests.providers.asking import failure, request
from tests.providers.processes import gone, is_running

PARENT = """
import asyncio
from robota_tui.providers.local import LocalProvider

async def main():
    provider = LocalProvider()
    server, client = await provider._running()
    print(server.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_killing_the_program_ends_the_models_process(weights: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert parent.stdout is not None
        pid = int(await parent.stdout.readline())
        assert is_running(pid)
    finally:
        parent.kill()
        await parent.wait()
    assert await gone(pid)


def serve(settings: dict[str, object]) -> subprocess.Popen[bytes]:
    path = str(local_server.__file__)
    child = subprocess.Popen([sys.executable, "-P", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.write(json.dumps(settings).encode() + b"\n")
    child.stdin.flush()
    return child


def test_the_process_ends_with_its_input(weights: Path) -> None:
    settings = {"model": str(weights), "alias": "m", "api_key": "k", "n_ctx": 256, "parallel": 1}
    with serve({**settings, "threads": 1, "cache_mib": 0}) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            assert "address" in json.loads(child.stdout.readline())
            child.stdin.close()
            assert child.wait(timeout=20) == 0
        finally:
            child.kill()


async def test_a_damaged_model_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + b"\0" * 1000)
    provider = LocalProvider(model_path=path)
    error = await failure(provider, request(model="broken"))
    assert error.kind == "configuration"
    assert str(path) in str(error)
    await provider.aclose()


async def test_a_missing_model_file_is_reported(tmp_path: Path) -> None:
    error = await failure(LocalProvider(model_path=tmp_path / "none.gguf"), request(model="none"))
    assert "none.gguf" in str(error)


@pytest.mark.usefixtures("models")
async def test_missing_weights_lead_to_the_command_that_installs_them() -> None:
    error = await failure(LocalProvider(), request(model="smollm2-135m"))
    assert error.kind == "configuration"
    assert "robota-tui model install" in error.hint


async def test_a_missing_engine_leads_to_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    error = await failure(LocalProvider(), request(model="smollm2-135m"))
    assert error.kind == "configuration"
    assert "robota-tui[local]" in error.hint


async def test_a_start_that_failed_is_tried_again(tmp_path: Path, weights: Path) -> None:
    path = tmp_path / "late.gguf"
    provider = LocalProvider(model_path=path)
    await failure(provider, request(model="late"))
    path.symlink_to(weights)
    await provider.prepare()
    await provider.aclose()


async def test_an_engine_that_cannot_be_loaded_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: Path
) -> None:
    fake = tmp_path / "xllamacpp.py"
    fake.write_text("raise ImportError('libgomp.so.1: cannot open shared object file')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    error = await failure(LocalProvider(), request(model="smollm2-135m"))
    assert "libgomp.so.1" in str(error)
    assert "libgomp1" in error.hint


async def test_a_process_that_dies_while_loading_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: Path
) -> None:
    (tmp_path / "xllamacpp.py").write_text("import os; os.kill(os.getpid(), 4)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    error = await failure(LocalProvider(), request(model="smollm2-135m"))
    assert "processor" in str(error)
    (tmp_path / "xllamacpp.py").write_text("import os; os._exit(1)", encoding="utf-8")
    assert "while it was loading" in str(await failure(LocalProvider(), request(model="smollm2-135m")))
