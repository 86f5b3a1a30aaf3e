"""One running engine for all tests that only ask it things."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from app.engine.engine import Engine, EngineEndpoint


@pytest.fixture(scope="session")
def running_engine() -> Iterator[Engine]:
    """An engine that is ready; its endpoint can be asked for from any loop."""
    engine = Engine()
    asyncio.run(engine.endpoint())
    yield engine
    engine.stop()


@pytest.fixture
async def endpoint(running_engine: Engine) -> EngineEndpoint:
    """Where the running engine answers."""
    return await running_engine.endpoint()


@pytest.fixture
async def wire(endpoint: EngineEndpoint) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running engine that holds its key."""
    headers = {"Authorization": f"Bearer {endpoint.key}"}
    # After a stream llama.cpp closes the connection that it promised to keep, now and then.
    unkept = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(
        base_url=endpoint.native_url, headers=headers, limits=unkept, trust_env=False, timeout=30
    ) as client:
        yield client


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    """An engine of the test's own, not started, with a small context so that it starts quickly."""
    own = Engine(context=512, parallel=1)
    yield own
    await own.close()
