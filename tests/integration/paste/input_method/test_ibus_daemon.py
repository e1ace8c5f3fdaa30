"""The method at a daemon that refuses, hangs, restarts, and has the user choose another engine at the wrong moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from time import monotonic

import anyio
import pytest

from desktop.paste.input_method.ibus import engine as ibus_engine
from desktop.paste.input_method.ibus.engine import IBusConnection
from desktop.paste.input_method.ibus.messages import ENGINE_NAME, FACTORY, FACTORY_PATH
from desktop.paste.input_method.ibus.method import MAX_REFUSALS, IBusInputMethod
from tests.support.desk import BUSY_S
from tests.support.ibus_daemon import LATIN, OTHER, PINYIN, FakeIBus
from tests.support.session_bus import session_bus

pytestmark = pytest.mark.anyio

SET_OURS = f"SetGlobalEngine {ENGINE_NAME}"


@pytest.fixture
def address() -> Iterator[str]:
    with session_bus() as address:
        yield address


@pytest.fixture
async def daemon(address: str) -> AsyncIterator[FakeIBus]:
    daemon = await FakeIBus.start(address)
    yield daemon
    daemon.stop()


@asynccontextmanager
async def method_at(address: str, choice: str = "auto") -> AsyncIterator[IBusInputMethod]:
    method = IBusInputMethod({"IBUS_ADDRESS": address})
    method.apply_choice(choice)  # type: ignore[arg-type]
    method.start(asyncio.get_running_loop())
    try:
        await until_it(lambda: method._connection is not None or choice == "off")
        yield method
    finally:
        method.close()


async def until_it(is_so: Callable[[], object]) -> None:
    with anyio.fail_after(BUSY_S):
        while not is_so():  # noqa: ASYNC110 (another process)
            await anyio.sleep(0.01)


async def has_field(method: IBusInputMethod, *, traits_only: bool = False) -> bool:
    async with method.acquire("window", traits_only=traits_only) as field:
        return field is not None


async def test_field_is_had_and_the_engine_comes_back(address: str, daemon: FakeIBus) -> None:
    async with method_at(address) as method:
        async with method.acquire("window") as field:
            assert field is not None
            assert daemon.engine == ENGINE_NAME
        assert daemon.engine == LATIN


@pytest.mark.parametrize(("choice", "is_had"), [("auto", False), ("always", True)])
async def test_a_real_engine_is_replaced_only_if_the_user_wants_it(
    address: str, daemon: FakeIBus, choice: str, is_had: bool
) -> None:
    daemon.engine = PINYIN
    async with method_at(address, choice) as method:
        assert method.is_available is is_had
        assert await has_field(method) is is_had
        assert (SET_OURS in daemon.asked) is is_had
        assert daemon.engine == PINYIN
        await daemon.change_engine(LATIN)
        await until_it(lambda: method.is_available)


async def test_off_connects_to_nothing(address: str, daemon: FakeIBus) -> None:
    async with method_at(address, "off") as method:
        assert not await has_field(method)
        assert method._restorer is None
        method.apply_choice("auto")
        await until_it(lambda: method.is_available)
        method.apply_choice("off")
        assert not method.is_available
        assert method._restorer is None
        count = len(daemon.asked)
        assert not await has_field(method)
        assert len(daemon.asked) == count


async def test_engine_is_offered_only_once_it_may_be_used(address: str, daemon: FakeIBus) -> None:
    daemon.engine = PINYIN
    async with method_at(address) as method:
        assert not await has_field(method)
        assert "RegisterComponent" not in daemon.asked
        await daemon.change_engine(LATIN)
        await until_it(lambda: method.is_available)
        assert await has_field(method)
        assert await has_field(method)
        assert daemon.asked.count("RegisterComponent") == 1


async def test_daemon_that_takes_no_engines_is_none_and_needs_no_restorer(address: str, daemon: FakeIBus) -> None:
    daemon.takes_engines = False
    method = IBusInputMethod({"IBUS_ADDRESS": address})
    method.start(asyncio.get_running_loop())
    try:
        await until_it(lambda: daemon.asked.count("Introspect") > 1)  # it is looked for again
        assert not await has_field(method)
        assert (daemon.asked.count("RegisterComponent"), method.is_available, method._restorer) == (0, False, None)
        daemon.takes_engines = True
        await until_it(lambda: method.is_available)
    finally:
        method.close()


async def test_refused_set_back_does_not_forget_the_users_engine(address: str, daemon: FakeIBus) -> None:
    async with method_at(address) as method:
        async with method.acquire("window"):
            daemon.refuses.add(LATIN)
        assert daemon.engine == ENGINE_NAME
        await until_it(lambda: not method.is_available)  # it leaves, whereupon a daemon has no engine
        daemon.engine = ""
        daemon.refuses.clear()
        await until_it(lambda: daemon.engine == LATIN and method.is_available)


async def test_engine_that_is_none_for_a_moment_is_not_forgotten(address: str, daemon: FakeIBus) -> None:
    async with method_at(address) as method:
        daemon.engine = ""
        assert await has_field(method)
        assert daemon.engine == LATIN


async def test_engine_chosen_in_the_moment_of_the_set_back_stays(address: str, daemon: FakeIBus) -> None:
    async with method_at(address) as method:
        daemon.chosen_meanwhile = OTHER
        assert await has_field(method)
        await until_it(lambda: daemon.asked[-1] == f"SetGlobalEngine {OTHER}" and daemon.engine == OTHER)
        assert await has_field(method)
        assert daemon.engine == OTHER


async def test_hung_daemon_holds_no_paste_and_gets_the_users_engine_later(
    address: str, daemon: FakeIBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ibus_engine, "CALL_TIMEOUT_S", 0.5)
    async with method_at(address) as method:
        async with method.acquire("window") as field:
            assert field is not None
            daemon.hang()
            left_at = monotonic()
        assert monotonic() - left_at < 0.5
        await until_it(lambda: not method.is_available)
        assert not await has_field(method)
        daemon.hang(False)
        await until_it(lambda: method.is_available and daemon.engine == LATIN)


async def test_daemon_that_sets_nothing_is_not_asked_for_ever(address: str, daemon: FakeIBus) -> None:
    daemon.refuses.add(ENGINE_NAME)
    async with method_at(address) as method:
        for _ in range(MAX_REFUSALS):
            assert method.is_available
            assert not await has_field(method)
        assert not method.is_available
        await daemon.change_engine(OTHER)
        await until_it(lambda: method.is_available)


async def test_restorer_that_was_killed_is_replaced(address: str, daemon: FakeIBus) -> None:
    async with method_at(address) as method:
        assert method._restorer is not None
        first = method._restorer
        first._process.kill()
        first._process.wait()
        assert await has_field(method)
        assert method._restorer is not first
        assert method._restorer.is_running


async def test_composition_goes_only_into_its_own_field(address: str, daemon: FakeIBus) -> None:
    async with method_at(address) as method:
        connection = method._connection
        assert connection is not None
        await daemon.compose("ni")
        await until_it(lambda: connection.composition == ("ni", "/context/1"))
        assert not await has_field(method, traits_only=True)
        assert SET_OURS not in daemon.asked
        daemon.context = "/context/2"
        assert await has_field(method)
        await daemon.compose("hao")
        await until_it(lambda: connection.composition == ("hao", "/context/2"))
        assert await has_field(method)
        assert connection.composition[0] == ""
        await until_it(lambda: daemon.committed == ["hao"])


async def test_composition_goes_with_its_engine(address: str, daemon: FakeIBus) -> None:
    connection = await IBusConnection.connect(address)
    await daemon.compose("ni")
    await until_it(lambda: connection.composition[0] == "ni")
    await daemon.change_engine(LATIN)
    await until_it(lambda: connection.composition[0] == "")
    await daemon.compose("ni")
    await until_it(lambda: connection.composition[0] == "ni")
    daemon.stop()
    await until_it(lambda: connection.composition[0] == "")
    connection.disconnect()


async def test_other_engines_are_not_made(address: str, daemon: FakeIBus) -> None:
    async with method_at(address) as method:
        assert await has_field(method)
        answer = await daemon.call(FACTORY_PATH, FACTORY, "CreateEngine", "s", "x")
        assert answer.error_name
