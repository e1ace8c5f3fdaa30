"""What of the settings file is ignored is shown once when that begins, and never over a dictation or a failure."""

from __future__ import annotations

import anyio
import pytest
from anyio.lowlevel import checkpoint

from desktop.app.status import StatusPublisher
from desktop.core.errors import RecognizerError
from desktop.core.messages import Message, Notes
from desktop.core.state import AppState, DictationState, Done, Failed, Idle, SettingsNotice, Starting, state_name
from desktop.core.types import Outcome

pytestmark = pytest.mark.anyio

FIRST, SECOND = (Message("settings-no-sound-sent", line=line) for line in ("look.theme", "histroy"))


class Shown:
    """What is published, by a publisher of its own."""

    def __init__(self) -> None:
        self.states: list[AppState] = []
        self.publisher = StatusPublisher(self.states.append, lambda is_cancellable: None, lambda: False)

    @property
    def notices(self) -> Notes:
        """The notices that were shown as a state, each as often as it was."""
        states = [shown.state for shown in self.states]
        new = [state for before, state in zip([None, *states], states, strict=False) if state is not before]
        return tuple(state.message for state in new if isinstance(state, SettingsNotice))


async def test_notice_is_shown_once_until_the_file_is_mended() -> None:
    shown = Shown()
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
async def test_notice_waits_for_dictation_and_failure(state: DictationState, is_mended: bool) -> None:
    shown = Shown()
    shown.publisher.set_state(state)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(shown.publisher.show_settings_notice, FIRST)
        for _ in range(5):
            await checkpoint()
        assert shown.publisher.app_state.health.settings_notice == FIRST
        assert shown.notices == ()
        if is_mended:
            await shown.publisher.show_settings_notice(None)
        shown.publisher.set_state(Done(Outcome.INSERTED))
    assert shown.notices == (() if is_mended else (FIRST,))
