"""Muting in calls as configured: nothing until it is used, and one offer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from desktop.app import factory
from desktop.app.call_service import CallService
from desktop.app.status import StatusPublisher
from desktop.audio.calls.muter import MutingMicrophone
from desktop.audio.calls.streams import RecordingStream, name_hearers
from desktop.core.state import AppState, CallMuteOffered, Done, Idle, Listening, Starting
from desktop.core.types import Outcome
from desktop.hotkeys.gesture import DictationIntent
from tests.support.sound_server import Sound
from tests.support.stage import FakeMicrophone

ROOT = Path(__file__).parents[3]


class Offers:
    """What was offered; `is_shown` is what the pill says to it."""

    def __init__(self) -> None:
        self.programs = list[str]()
        self.is_shown = True

    async def offer(self, program: str) -> bool:
        self.programs.append(program)
        return self.is_shown


def service(folder: Path, offers: Offers) -> CallService:
    return CallService(folder / "muted.json", folder / "calls.offered", lambda mutes: None, offers.offer)


async def end_dictation(calls: CallService) -> None:
    """End a dictation, and the look after it."""
    async with anyio.create_task_group() as tasks:
        calls.on_dictation_end(lambda work: tasks.start_soon(work))


@pytest.mark.anyio
async def test_the_first_call_is_offered_once_and_never_again(sound: Sound, tmp_path: Path) -> None:
    offers = Offers()
    calls = service(tmp_path, offers)
    calls.configure("off")
    await end_dictation(calls)
    assert offers.programs == []
    sound.record("Zoom")
    offers.is_shown = False  # a dictation began meanwhile
    await end_dictation(calls)
    offers.is_shown = True
    await end_dictation(calls)
    await end_dictation(calls)
    await end_dictation(service(tmp_path, offers))  # after the next start
    assert offers.programs == ["Zoom", "Zoom"]


@pytest.mark.anyio
async def test_an_offer_that_cannot_be_marked_is_made_once_in_a_run(
    sound: Sound, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sound.record("Zoom")
    (tmp_path / "state").write_text("")
    offers = Offers()
    calls = service(tmp_path / "state", offers)
    await end_dictation(calls)
    await end_dictation(calls)
    assert offers.programs == ["Zoom"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.anyio
async def test_who_mutes_calls_already_is_offered_nothing(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    offers = Offers()
    calls = service(tmp_path, offers)
    calls.configure("mute")
    await end_dictation(calls)
    assert offers.programs == []


@pytest.mark.anyio
async def test_the_settings_decide_what_a_press_mutes(sound: Sound, tmp_path: Path) -> None:
    sound.record("Zoom")
    calls, plain = service(tmp_path, Offers()), FakeMicrophone()
    calls.configure("off")
    async with anyio.create_task_group() as tasks:
        calls.start(tasks)
        assert calls.wrap(plain) is plain
        assert calls._muter is None
        calls.configure("mute")
        microphone = calls.wrap(plain)
        assert isinstance(microphone, MutingMicrophone)
        assert calls._muter is not None
        with anyio.fail_after(20):
            while not calls._muter._server:
                await anyio.lowlevel.checkpoint()
            async with microphone.open():
                while sound.muted() != {"Zoom": [True]}:
                    await anyio.lowlevel.checkpoint()
                calls.configure("off")
                assert calls.wrap(plain) is plain
            while calls._is_running:
                await anyio.lowlevel.checkpoint()
        assert sound.muted() == {"Zoom": [False]}
        calls.configure("mute")
        assert calls._is_running
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("intent", "is_opening"),
    [
        (DictationIntent.BEGIN, True),
        (DictationIntent.EDIT, True),
        (DictationIntent.AGAIN, True),
        (DictationIntent.LOCK, False),
        (DictationIntent.END, False),
        (DictationIntent.CANCEL, False),
    ],
)
async def test_every_press_that_records_mutes_before_it_is_acted_on(
    tmp_path: Path, intent: DictationIntent, is_opening: bool
) -> None:
    calls = service(tmp_path, Offers())
    calls.configure("mute")
    muter, sent = calls._muter, list[tuple[DictationIntent, float]]()
    assert muter is not None

    def send(intended: tuple[DictationIntent, float]) -> None:
        assert (muter._expected_until > 0) is is_opening
        sent.append(intended)

    calls.on_intent(send, intent, 1.0)
    assert sent == [(intent, 1.0)]


def test_no_system_but_linux_and_windows_can(tmp_path: Path) -> None:
    assert factory.create_call_muter(tmp_path / "muted.json", lambda mutes: None, "darwin") is None


@pytest.mark.parametrize("platform", ["darwin"])
@pytest.mark.anyio
async def test_macos_is_not_looked_at(platform: str) -> None:
    assert await factory.find_calls(platform) == ()


def test_nothing_of_it_is_loaded_with_the_engine() -> None:
    code = (
        "import desktop.app.engine, sys; sys.exit(any(name.startswith('desktop.audio.calls') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_only_programs_that_hear_are_named() -> None:
    zoom = RecordingStream("1", 1, "Zoom", "Zoom", False, True)
    streams = [
        zoom,
        zoom,
        RecordingStream("2", 2, "a", "muted", True, True),
        RecordingStream("3", 3, "b", "paused", False, True, is_paused=True),
        RecordingStream("4", 4, "c", "deaf", False, False),
        RecordingStream("5", 5, "d", "", False, True),
    ]
    assert name_hearers(streams) == ("Zoom",)


def publisher(shown: list[AppState], now: list[float], *, may_be_shortcut: bool) -> StatusPublisher:
    return StatusPublisher(shown.append, lambda is_cancellable: None, lambda: may_be_shortcut, lambda: now[-1])


def test_a_mute_shows_no_press_that_may_become_a_shortcut() -> None:
    shown, now = list[AppState](), [10.0]
    status = publisher(shown, now, may_be_shortcut=True)
    status.set_state(Starting())
    status.set_mutes(("Zoom",), False)
    assert shown == []
    now.append(10.5)
    status.set_state(Listening())
    assert shown[-1].health.muted_in == ("Zoom",)
    status.set_mutes((), True)
    assert (shown[-1].health.muted_in, shown[-1].health.is_mute_failing) == ((), True)


@pytest.mark.anyio
async def test_the_offer_waits_until_the_outcome_was_read(tmp_path: Path) -> None:
    shown, now = list[AppState](), [10.0]
    status = publisher(shown, now, may_be_shortcut=False)
    status.set_state(Done(Outcome.INSERTED))
    now.append(19.0)
    assert await status.offer_call_mute("Zoom")
    assert shown[-1].state == CallMuteOffered("Zoom")
    status.set_state(Listening())
    assert not await status.offer_call_mute("Zoom")
    status.set_state(Idle())
    assert await status.offer_call_mute("Zoom")
