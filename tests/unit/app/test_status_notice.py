"""What of the settings file is ignored is shown once when that begins, and never over a dictation or a failure.

Also what the status says of the model.
"""

from __future__ import annotations

import asyncio
from time import monotonic

import anyio
import pytest
from anyio.lowlevel import checkpoint

import desktop
from desktop.app.status import StatusPublisher
from desktop.core.errors import RecognizerError
from desktop.core.messages import Message, Notes
from desktop.core.state import (
    MESSAGE_DISPLAY_S,
    AppState,
    CorrectionOffered,
    DictationState,
    Done,
    Failed,
    Idle,
    ReplacementNotice,
    SettingsNotice,
    Starting,
    state_name,
)
from desktop.core.types import Outcome
from desktop.stt.local.engine_status import EngineStatus

pytestmark = pytest.mark.anyio

FIRST, SECOND = (Message("settings-no-sound-sent", line=line) for line in ("look.theme", "histroy"))


class Clock:
    """The time of the publisher and of the loop, which the test can put forward."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def now(self) -> float:
        return monotonic() + self._ahead_s

    async def advance(self, seconds: float) -> None:
        """Put the time forward, and let every task go on as far as it can."""
        self._ahead_s += seconds
        for _ in range(10):
            await checkpoint()


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(asyncio.get_running_loop(), "time", clock.now)
    return clock


class Shown:
    """What is published, by a publisher of its own."""

    def __init__(self, clock: Clock) -> None:
        self.states: list[AppState] = []
        self.publisher = StatusPublisher(self.states.append, lambda is_cancellable: None, lambda: False, clock.now)

    @property
    def notices(self) -> Notes:
        """The notices that were shown as a state, each as often as it was."""
        states = [shown.state for shown in self.states]
        new = [state for before, state in zip([None, *states], states, strict=False) if state is not before]
        return tuple(state.message for state in new if isinstance(state, SettingsNotice))


async def test_notice_is_shown_once_until_the_file_is_mended(clock: Clock) -> None:
    shown = Shown(clock)
    for notice in (None, FIRST, FIRST, SECOND):
        await shown.publisher.show_settings_notice(notice)
        shown.publisher.set_state(Idle())
        assert shown.publisher.app_state.health.settings_notice == notice
    assert shown.notices == (FIRST,)
    for notice in (None, SECOND):
        await shown.publisher.show_settings_notice(notice)
    assert shown.notices == (FIRST, SECOND)
    assert state_name(shown.publisher.app_state.state) == "idle"


@pytest.mark.parametrize("state", [Starting(), Failed(RecognizerError("local-model-missing"))])
@pytest.mark.parametrize("is_mended", [False, True])
async def test_notice_waits_for_dictation_and_failure(state: DictationState, is_mended: bool, clock: Clock) -> None:
    shown = Shown(clock)
    shown.publisher.set_state(state)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(shown.publisher.show_settings_notice, FIRST)
        await clock.advance(2 * MESSAGE_DISPLAY_S)
        assert shown.publisher.app_state.health.settings_notice == FIRST
        assert shown.notices == ()
        if is_mended:
            await shown.publisher.show_settings_notice(None)
        shown.publisher.set_state(Idle())
    assert shown.notices == (() if is_mended else (FIRST,))


@pytest.mark.parametrize("outcome", [Done(Outcome.REFUSED), CorrectionOffered("heard", "written")])
async def test_notice_waits_until_an_outcome_was_shown(outcome: DictationState, clock: Clock) -> None:
    shown = Shown(clock)
    shown.publisher.set_state(Starting())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(shown.publisher.show_settings_notice, FIRST)
        await clock.advance(0)
        shown.publisher.set_state(outcome)
        await clock.advance(MESSAGE_DISPLAY_S - 1)
        assert shown.publisher.app_state.state == outcome
        await clock.advance(1)
        assert shown.publisher.app_state.state == SettingsNotice(FIRST)


async def test_notice_after_an_outcome_waits_for_the_next_dictation_too(clock: Clock) -> None:
    shown = Shown(clock)
    shown.publisher.set_state(Done(Outcome.INSERTED))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(shown.publisher.show_settings_notice, FIRST)
        await clock.advance(MESSAGE_DISPLAY_S - 1)
        for state in (Starting(), Done(Outcome.COPIED)):
            shown.publisher.set_state(state)
            await clock.advance(MESSAGE_DISPLAY_S - 1)
            assert shown.publisher.app_state.state == state
        await clock.advance(1)
        assert shown.notices == (FIRST,)


async def test_notice_replaces_an_old_outcome_at_once(clock: Clock) -> None:
    shown = Shown(clock)
    shown.publisher.set_state(Done(Outcome.INSERTED))
    await clock.advance(MESSAGE_DISPLAY_S)
    await shown.publisher.show_settings_notice(FIRST)
    assert shown.notices == (FIRST,)


@pytest.mark.parametrize(
    ("engine", "model", "title"),
    [
        ("whisper", "moonshine-base", "Moonshine base"),
        ("whisper", "base", "Whisper base"),
        ("openai", "gpt-4o-transcribe", "OpenAI gpt-4o-transcribe"),
        ("whisper", "", ""),
    ],
)
async def test_status_has_the_title_of_the_model(engine: str, model: str, title: str) -> None:
    publisher = StatusPublisher(lambda state: None, lambda cancellable: None, lambda: False)
    publisher.update_engine(EngineStatus(bool(model), engine, model))
    status = publisher.status()
    assert (status["engine"], status["model"], status["engine_title"]) == (engine, model, title)


async def test_installed_version_is_said_after_the_dictation(clock: Clock) -> None:
    shown = Shown(clock)
    shown.publisher.set_state(Starting())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(shown.publisher.show_replacement, "9.2.0")
        await clock.advance(2 * MESSAGE_DISPLAY_S)
        assert shown.publisher.app_state.health.installed_version == "9.2.0"
        assert shown.publisher.app_state.state == Starting()
        shown.publisher.set_state(Done(Outcome.INSERTED))
        await clock.advance(MESSAGE_DISPLAY_S)
    assert shown.publisher.app_state.state == ReplacementNotice("9.2.0")
    assert state_name(shown.publisher.app_state.state) == "idle"
    await clock.advance(100)
    assert shown.publisher.idle_s >= 100


async def test_version_installed_meanwhile_is_said_instead(clock: Clock) -> None:
    shown = Shown(clock)
    shown.publisher.set_state(Starting())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(shown.publisher.show_replacement, "9.2.0")
        tasks.start_soon(shown.publisher.show_replacement, "9.3.0")
        await clock.advance(0)
        shown.publisher.set_state(Idle())
    states = {state.state for state in shown.states if isinstance(state.state, ReplacementNotice)}
    assert states == {ReplacementNotice("9.3.0")}


async def test_same_version_installed_again_is_not_said(clock: Clock) -> None:
    shown = Shown(clock)
    await shown.publisher.show_replacement(desktop.__version__)
    assert not any(isinstance(state.state, ReplacementNotice) for state in shown.states)
    await shown.publisher.show_replacement("9.2.0")
    await shown.publisher.show_replacement(desktop.__version__)
    assert shown.publisher.app_state.health.installed_version is None
