"""The method beside its callers: shared, cancelled, closed, and without a daemon."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.paste.input_method.ibus.address import find_addresses
from desktop.paste.input_method.ibus.engine import IBusConnection
from desktop.paste.input_method.ibus.messages import ENGINE_NAME
from desktop.paste.input_method.ibus.method import IBusInputMethod
from tests.support.desk import BUSY_S, until
from tests.support.desks.windows import DeskWindow
from tests.support.ibus import LATIN, LIBPINYIN, IBusDesk

pytestmark = pytest.mark.anyio

SECRET = "nothing of this is logged"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IBusDesk]:
    with IBusDesk(tmp_path_factory.mktemp("ibus")) as desk:
        yield desk


@pytest.fixture
def window(desk: IBusDesk) -> Iterator[DeskWindow]:
    """A window whose field has the focus, with the engine of a plain keyboard."""
    desk.choose(LATIN)
    with desk.window("gtk3") as window:
        yield window


async def until_it(is_so: Callable[[], object], what: str) -> None:
    """Wait for what is so, in a thread: the daemon needs the loop meanwhile."""
    await to_thread.run_sync(partial(until, is_so, what, BUSY_S))


@asynccontextmanager
async def method_at(desk: IBusDesk) -> AsyncIterator[IBusInputMethod]:
    """The method, connected; what it has set is set back when it is closed."""
    method = IBusInputMethod(desk.environ)
    method.apply_choice("always")
    method.start(asyncio.get_running_loop())
    try:
        await until_it(lambda: method.is_available, "the daemon is there")
        yield method
    finally:
        method.close()


@pytest.fixture
async def method(desk: IBusDesk, window: DeskWindow) -> AsyncIterator[IBusInputMethod]:
    async with method_at(desk) as method:

        async def has_field() -> bool:
            async with method.acquire("window") as field:
                return field is not None

        with anyio.fail_after(BUSY_S):
            while not await has_field():
                pass
        yield method


async def engine(desk: IBusDesk) -> str:
    return await to_thread.run_sync(desk.engine)


async def test_second_caller_shares_the_field(desk: IBusDesk, method: IBusInputMethod) -> None:
    async with method.acquire("window") as first:
        async with method.acquire("window") as second:
            assert second is first
        assert await engine(desk) == ENGINE_NAME
    assert await engine(desk) == LATIN


async def test_cancelled_acquisition_gives_the_engine_back(desk: IBusDesk, method: IBusInputMethod) -> None:
    async def acquire() -> None:
        async with method.acquire("window"):
            await anyio.sleep_forever()

    for turns in range(20):
        task = asyncio.create_task(acquire())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with method.acquire("window") as field:
            assert field is not None
    assert await engine(desk) == LATIN


async def test_a_bug_while_the_field_is_taken_holds_nothing(
    desk: IBusDesk, method: IBusInputMethod, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(method._connection, "expect_field", fail)
        with pytest.raises(RuntimeError, match="a bug"):
            async with method.acquire("window"):
                pass
    assert await engine(desk) == LATIN
    async with method.acquire("window") as field:
        assert field is not None
    assert await engine(desk) == LATIN


async def test_timeout_within_the_field_gives_the_engine_back(desk: IBusDesk, method: IBusInputMethod) -> None:
    with anyio.move_on_after(0.2):
        async with method.acquire("window") as field:
            assert field is not None
            await anyio.sleep_forever()
    assert await engine(desk) == LATIN


async def test_closing_within_the_field_gives_the_engine_back(desk: IBusDesk, method: IBusInputMethod) -> None:
    async with method.acquire("window") as field:
        assert field is not None
        method.close()
        with pytest.raises(OSError, match="focus"):
            await field.commit("too late")
    await until_it(lambda: desk.engine() == LATIN, "the engine is back")


async def test_engine_chosen_while_idle_is_the_one_given_back(desk: IBusDesk, method: IBusInputMethod) -> None:
    await to_thread.run_sync(desk.choose, LIBPINYIN)
    async with method.acquire("window") as field:
        assert field is not None
    assert await engine(desk) == LIBPINYIN
    method.close()
    await until_it(lambda: desk.engine() == LIBPINYIN, "the engine is back")


async def test_our_engine_set_by_another_is_set_back(desk: IBusDesk, method: IBusInputMethod) -> None:
    changes = list[str]()
    other = await IBusConnection.connect(next(find_addresses(desk.environ)), changes.append)
    with suppress(OSError):  # the call is answered with an error where the engine was set back meanwhile
        await other.set_global_engine(ENGINE_NAME)
    await until_it(lambda: changes == [ENGINE_NAME, LATIN], "the engine is back")
    other.disconnect()
    assert await engine(desk) == LATIN


async def test_lost_field_is_given_to_no_second_caller(desk: IBusDesk, method: IBusInputMethod) -> None:
    async with method.acquire("window") as first:
        assert first is not None
        await to_thread.run_sync(desk.choose, LIBPINYIN)
        async with method.acquire("window") as second:
            assert second is None
    assert await engine(desk) == LIBPINYIN


async def test_log_has_no_text(
    desk: IBusDesk, window: DeskWindow, method: IBusInputMethod, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with method.acquire("window") as field:
        assert field is not None
        await field.show_composition(SECRET)
        await field.commit(SECRET)
    await until_it(lambda: window.text() == SECRET, "the text is there")
    assert SECRET not in caplog.text


async def test_no_daemon_gives_no_field_and_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    method = IBusInputMethod({"HOME": str(tmp_path), "DISPLAY": ":99"})
    method.start(asyncio.get_running_loop())
    for _ in range(3):
        async with method.acquire("window") as field:
            assert field is None
    assert not method.is_available
    method.close()
    assert caplog.text == ""
