"""Every command reaches its part of the app, whether the socket, a hotkey or a window runs it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest

from desktop.app.commands import CommandRunner
from desktop.app.ipc import COMMANDS
from desktop.core.errors import HistoryError, PasteError, UserError
from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult
from desktop.hotkeys.gesture import DictationIntent, GestureEvent
from desktop.hotkeys.manager import KEY_COMMANDS
from desktop.paste.request import CLIPBOARD_UNAVAILABLE, PASSWORD_FOCUSED
from desktop.paste.undo import REMOVED_NOT_REPLACED

pytestmark = pytest.mark.anyio

ROW = SimpleNamespace(style="", started_at=None, to_json=lambda: {"text": "Hello."})
SOUND = object()

ASKED = {
    "start": ["gestures.start"],
    "stop": ["gestures.stop"],
    "toggle": ["gestures.toggle"],
    "again": [f"gestures.toggle {DictationIntent.AGAIN}"],
    **{f"again-{place}": [f"dictation.answer_choice ({place - 1},)"] for place in (1, 2, 3, 4)},
    "again-all": ["dictation.answer_choice ()"],
    "cancel": [f"gestures.handle_key {GestureEvent.ESC}"],
    "language": ["recognizer.select_next_language", "status.show_languages ('de',)"],
    "paste-last": ["last.paste_last False"],
    "paste-last-raw": ["last.paste_last True"],
    "undo": ["watcher.stop", "last.undo"],
    "swap": ["watcher.stop", "last.swap"],
    "find": ["quotations.find"],
    "mood": ["emotion.toggle settings", "reload", "status.show_emotion_switch True"],
    "pause": ["status.update_health paused=True", "hotkeys.pause True"],
    "resume": ["status.update_health paused=False", "hotkeys.pause False"],
    "reload": ["reload"],
    "history": [
        "history.recorder.spool.mark_cleared",
        "spawn",
        "emotion.on_correction",
        "frontend.on_history_changed",
        "history.recorder.drop_cleared",
        "watcher.forget",
    ],
    "show": ["frontend.open_history"],
    "quit": ["frontend.quit"],
    "restart": ["probe", "spawn", "dictation.wait_until_idle", "frontend.restart True"],
    "status": ["microphone.check", "history.recorder.last", "status.status"],
    "resume-last": ["dictation.wait_until_recorded include_cancelled=True", "history.load_unfinished", "resumed"],
    "learn": ["watcher.learn_pending"],
    "decline": ["watcher.decline_pending"],
}
"""What each command asks of the parts, in order."""

ANSWERS: dict[str, Any] = {
    "recognizer.select_next_language": ("de",),
    "last.paste_last": PasteResult(Outcome.INSERTED),
    "last.undo": PasteResult(Outcome.CANCELLED),
    "last.swap": PasteResult(Outcome.INSERTED),
    "dictation.answer_choice": PasteResult(Outcome.INSERTED),
    "emotion.toggle": True,
    "history.recorder.drop_cleared": True,
    "history.recorder.last": ROW,
    "status.status": {"state": "idle"},
}


class Answer:
    """The answer of a part that is awaited."""

    def __await__(self) -> Generator[Any, Any, Any]:
        yield from ()
        return self.value

    def __init__(self, value: object) -> None:
        self.value = value


class Part:
    """A part of the app that notes what it is asked, by its path."""

    def __init__(self, path: str, asked: list[str], awaited: tuple[str, ...] = ()) -> None:
        self._path = path
        self._asked = asked
        self._awaited = awaited

    def __getattr__(self, name: str) -> Part:
        return Part(f"{self._path}.{name}", self._asked, self._awaited)

    def __call__(self, *given: object, **named: object) -> Any:
        said = [*map(str, given), *(f"{name}={value}" for name, value in named.items())]
        self._asked.append(" ".join([self._path, *said]))
        answer = ANSWERS.get(self._path)
        return Answer(answer) if self._path in self._awaited else answer


AWAITED = (
    *("last.paste_last", "last.undo", "last.swap", "emotion.toggle", "hotkeys.pause", "microphone.check"),
    *("dictation.wait_until_recorded", "dictation.answer_choice", "watcher.learn_pending", "watcher.decline_pending"),
    *("quotations.find", "dictation.wait_until_idle"),
)


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def later() -> list[Callable[[], Any]]:
    """What was spawned."""
    return []


@pytest.fixture
def commands(asked: list[str], later: list[Callable[[], Any]]) -> CommandRunner:
    names = ("frontend", "status", "gestures", "hotkeys", "dictation", "last", "history", "emotion", "microphone")
    parts: dict[str, Any] = {
        name: Part(name, asked, AWAITED) for name in (*names, "recognizer", "watcher", "quotations")
    }

    async def load_unfinished() -> tuple[object, object]:
        asked.append("history.load_unfinished")
        return ROW, SOUND

    def resume(audio: object, record: partial[Any], style: str, started_at: object) -> None:
        assert (audio, record.args, style, started_at) == (SOUND, (ROW,), "", None)
        asked.append("resumed")

    def spawn(work: Callable[[], Any]) -> None:
        asked.append("spawn")
        later.append(work)

    async def probe_version() -> str:
        asked.append("probe")
        return "9.2.0"

    parts["history"].load_unfinished = load_unfinished
    parts["history"].recorder = Part("history.recorder", asked)
    parts["history"].recorder.has_words_to_lose = False
    parts["dictation"].resume = resume
    return CommandRunner(
        cast(Any, "settings"),
        *cast(Any, parts.values()),
        reload=lambda: asked.append("reload"),
        probe_version=probe_version,
        spawn=spawn,
    )


async def test_a_restart_into_what_does_not_start_is_refused(commands: CommandRunner, asked: list[str]) -> None:
    async def find_none() -> str:
        return ""

    with pytest.raises(UserError, match="does not start"):
        await replace(commands, probe_version=find_none).run("restart")
    (said,) = asked
    assert said.startswith("status.show_problem What is installed now does not start")


async def test_a_restart_that_would_lose_words_is_refused(commands: CommandRunner, asked: list[str]) -> None:
    cast(Any, commands.history.recorder).has_words_to_lose = True
    with pytest.raises(UserError, match="would be lost"):
        await commands.run("restart")
    (said,) = asked
    assert said.startswith("status.show_problem Words that are in memory alone would be lost")


@pytest.mark.parametrize("name", ASKED)
async def test_a_command_reaches_its_parts(
    commands: CommandRunner, asked: list[str], later: list[Callable[[], Any]], name: str
) -> None:
    reply = await commands.run(name)
    for work in later:
        await work()
    assert asked == ASKED[name]
    assert reply == {"ok": True} | ({"state": "idle", "last": {"text": "Hello."}} if name == "status" else {})


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("", "The history history.db cannot be used (disk full)."),
        ("The microphone is muted.", "The microphone is muted. The history history.db cannot be used (disk full)."),
    ],
)
async def test_the_status_says_that_the_history_cannot_be_read(commands: CommandRunner, note: str, said: str) -> None:
    def fail() -> None:
        raise HistoryError("history-unusable", path="history.db", reason="disk full")

    cast(Any, commands.history).recorder = SimpleNamespace(last=fail)
    cast(Any, commands.status).status = lambda: {"state": "idle", "note": note, "note_message": None}
    reply = await commands.run("status")
    assert reply["ok"]
    assert (reply["state"], reply["last"]) == ("idle", None)
    assert reply["note"].startswith(said)


def note_pasted(commands: CommandRunner, outcome: Outcome, notes: Notes) -> None:
    async def paste(*raw: bool) -> PasteResult:
        return PasteResult(outcome, notes)

    last = cast(Any, commands).last_dictation
    last.paste_last = last.swap = last.undo = paste


@pytest.mark.parametrize(
    ("outcome", "notes", "said"),
    [
        (Outcome.REFUSED, PASSWORD_FOCUSED.notes, "A password field has the focus. The text is in the history."),
        (Outcome.COPIED, (Message("window-changed"),), "The window changed."),
        (Outcome.REMOVED, (REMOVED_NOT_REPLACED,), "The text was removed, and the other could not"),
        (Outcome.FAILED, CLIPBOARD_UNAVAILABLE.notes, "Another program holds the clipboard."),
    ],
)
async def test_paste_that_did_not_go_in_is_an_error(
    commands: CommandRunner, outcome: Outcome, notes: Notes, said: str
) -> None:
    note_pasted(commands, outcome, notes)
    for name in ("paste-last", "paste-last-raw", "swap", "undo"):
        with pytest.raises(PasteError) as raised:
            await commands.run(name)
        assert str(raised.value).startswith(said)


async def test_unconfirmed_paste_is_replied_with_its_note(commands: CommandRunner) -> None:
    note_pasted(commands, Outcome.UNCONFIRMED, (Message("paste-window-unknown"),))
    assert await commands.run("paste-last") == {
        "ok": True,
        "note": "The keys were pressed, but this desktop does not tell which window took the text.",
    }


def test_all_commands_are_known() -> None:
    assert set(COMMANDS) | set(KEY_COMMANDS.values()) < set(ASKED)
    assert not {"resume-last", "learn", "decline"} & set(COMMANDS), "the socket runs none of the windows' own"


async def test_an_unknown_command_is_a_mistake_of_ours(commands: CommandRunner, asked: list[str]) -> None:
    with pytest.raises(ValueError, match="no-command"):
        await commands.run("no-command")
    assert asked == []
