"""The checks of our IBus engine on its desk: a test does each a few times, a proof as often as it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.desk import BUSY_S, until
from tests.support.desks.windows import DeskWindow
from tests.support.ibus import LIBPINYIN, WUBI, IBusDesk
from tests.support.ibus_app import IBusApp

TEXTS = (
    "Please send the notes before noon.",
    " Ja, über die Größe reden wir später.",
    " 明天早上九点见。",
    " Thumbs up 👍🏽, family 👩‍👩‍👧, flag 🇨🇭.",
    " Cafe\u0301 and Vie\u0323\u0302t with marks.",
    "\nA second line.\nAnd a third one.",
)
"""What is dictated: plain, with other letters, joined characters, combining marks and ends of lines."""

LONG_TEXT = " ".join(f"number {number} of ten thousand characters 😀" for number in range(230))[:10_000]
"""Longer than one message of Wayland, and cut between two characters."""

RESTORED_S = 10.0
"""How long the user's engine may be away after the app's end on a busy machine; else 0.1 to 0.3 s."""


@dataclass(frozen=True, slots=True)
class UserEngine:
    """An engine of the user, keys for it with the text that they give, and keys of which the composition is left."""

    name: str
    keys: str
    text: str
    half: str
    half_text: str


PINYIN = UserEngine(LIBPINYIN, "nihao ", "你好", "niha", "你哈")
TABLE = UserEngine(WUBI, "wq vb ", "你好", "wq", "你")


def wait_text(window: DeskWindow, text: str) -> None:
    """Wait until the field holds exactly `text`."""
    until(lambda: window.text() == text, lambda: f"the field holds {text!r}; {window.text()!r}", BUSY_S)


def check_commits(desk: IBusDesk, toolkit: str, texts: tuple[str, ...] = TEXTS) -> list[dict[str, Any]]:
    """Each text is in the field once, whole and in order, and is known to be; return what the app said of each."""
    with desk.window(toolkit) as window, IBusApp(desk.environ) as app:
        app.ask("ready")
        expected, answers = "", list[dict[str, Any]]()
        wait_for_field(app)
        for text in texts:
            answers.append(app.commit(text))
            assert answers[-1].get("field") is True, answers
            expected += text
            wait_text(window, expected)
        return answers


def wait_for_field(app: IBusApp) -> None:
    """Wait until the window that has just come is known to the daemon."""

    def is_there() -> bool:
        found = app.ask("hold", "window")
        app.ask("release")
        return bool(found["field"])

    until(is_there, "the field is the daemon's", BUSY_S)


def check_password(desk: IBusDesk, toolkit: str, count: int = 2) -> None:
    """A password field is known as one, or is none to the daemon; nothing is in it."""
    with desk.window(toolkit, "password") as window, IBusApp(desk.environ) as app:
        app.ask("ready")
        for _ in range(count):
            answer = app.commit("secret")
            assert answer.get("field") is False or answer.get("is_password") is True, answer
        assert window.text() == ""


def check_composition(desk: IBusDesk, toolkit: str, end: str) -> None:
    """A composition is shown and replaced, and nothing of it is left after `end`: a command, "kill" or "focus"."""
    with desk.window(toolkit) as window, IBusApp(desk.environ) as app:
        app.ask("ready")
        wait_for_field(app)
        app.ask("hold", "window")
        for text in ("these are", "these are the words"):
            app.ask("compose", text)
            until(lambda text=text: window.composition() == text, f"{text} is shown", BUSY_S)
        match end:
            case "kill":
                app.kill()
            case "focus":
                with desk.window(toolkit):
                    until(lambda: "error" in app.ask("compose", "too late"), "the field is lost", BUSY_S)
            case "commit":
                app.ask("type", "The words.")
                wait_text(window, "The words.")
            case "empty":
                app.ask("compose", "")
            case _:
                app.ask(end)
        until(lambda: window.composition() == "", "the composition is gone", BUSY_S)
        assert window.text() == ("The words." if end == "commit" else "")


def check_user_engine(desk: IBusDesk, toolkit: str, engine: UserEngine, count: int = 1) -> None:
    """The user's engine takes keys before and after a commit, after the app has quit, and was killed in mid-commit."""
    with desk.window(toolkit) as window:
        desk.choose(engine.name)
        expected = ""

        def type_on() -> None:
            nonlocal expected
            until(lambda: desk.engine() == engine.name, lambda: f"{engine.name} is back; {desk.engine()}", RESTORED_S)
            desk.type(engine.keys)
            expected += engine.text
            wait_text(window, expected)

        for _ in range(count):
            type_on()
            with IBusApp(desk.environ) as app:
                app.ask("ready")
                app.commit("One. ")
                expected += "One. "
                type_on()
                app.quit()
            type_on()
            with IBusApp(desk.environ) as app:
                app.ask("ready")
                assert app.ask("hold", "window")["field"] is True
                app.send("type", LONG_TEXT)
                until(lambda before=expected: window.text() != before, "the text begins to come", BUSY_S)
                app.kill()
            until(lambda: desk.engine() == engine.name, lambda: f"{engine.name} is back; {desk.engine()}", RESTORED_S)
            expected = settled_text(window)
            type_on()


def settled_text(window: DeskWindow) -> str:
    """What the field holds once nothing more comes: the daemon has sent all that it had."""
    seen = list[str]()

    def is_settled() -> bool:
        seen.append(window.text())
        return len(seen) > 10 and len(set(seen[-10:])) == 1

    until(is_settled, "the text has settled", BUSY_S)
    return seen[-1]


def check_half_typed(desk: IBusDesk, toolkit: str, engine: UserEngine) -> None:
    """What the user was composing when a dictation came is in the field as it stood, before the dictation."""
    with desk.window(toolkit) as window, IBusApp(desk.environ) as app:
        app.ask("ready")
        desk.choose(engine.name)
        desk.type(engine.half)
        until(lambda: window.composition() == engine.half_text, "it is being composed", BUSY_S)
        app.commit(" And this.")
        wait_text(window, f"{engine.half_text} And this.")
        until(lambda: desk.engine() == engine.name, f"{engine.name} is back", BUSY_S)
        desk.type(engine.keys)
        wait_text(window, f"{engine.half_text} And this.{engine.text}")
