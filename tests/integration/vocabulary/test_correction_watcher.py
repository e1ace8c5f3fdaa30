"""What a person corrects in the field just dictated into: noticed there alone, and asked about once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import anyio
import pytest
from Xlib import XK
from Xlib.display import Display

from desktop.app.history_service import HistoryService
from desktop.app.status import StatusPublisher
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.state import AppState, CorrectionOffered, DictationState, Done, Failed, Idle, Listening
from desktop.core.types import InputField, Outcome, PasteResult, RuleChange, Target
from desktop.history.recorder import DictationRecorder
from desktop.history.store import HistoryStore
from desktop.paste.field import FieldTextReader, FocusedFieldReader
from desktop.paste.x11.paster import X11Paster
from desktop.settings.schema import HistorySettings
from desktop.vocabulary import store
from desktop.vocabulary.correction_watcher import CorrectionWatcher, clear_old_declined
from desktop.vocabulary.learning import Suggestion
from tests.integration.paste.test_field import FORM, GTK_4
from tests.support.settings import in_force
from tests.support.x_clients import PATIENCE_S, Hand, program

THERE = Target(1, "editor", field=InputField(address=(":1.2", "/field")))
SAID = "Push it to get hub now."
MEANT = "Push it to GitHub now."

pytestmark = pytest.mark.anyio


class FakeField:
    """A field whose text is the next of `texts` at each look, and that has the focus until there are none."""

    def __init__(self, *texts: str | None) -> None:
        self.texts = [*texts]
        self.last: str | None = None
        self.closed = False

    async def read_field(self, address: tuple[str, str]) -> str | None:
        if self.texts:
            self.last = self.texts.pop(0)
        return self.last

    async def focus(self) -> Target:
        return THERE if self.texts else Target(2, "browser")

    def close(self) -> None:
        self.closed = True


class Watcher:
    """Someone who notices, with the questions that were asked."""

    def __init__(
        self,
        vocabulary: Path,
        *texts: str | None,
        can_ask: bool = True,
        watched_s: float = 60,
        keeps: Callable[[Target], bool] = lambda into: True,
        writes: bool = True,
    ) -> None:
        self.asked: list[Suggestion] = []
        self.learned = 0
        self.can_ask = can_ask
        self.field = FakeField(*texts)
        self.vocabulary = vocabulary
        self.noticing = CorrectionWatcher(
            vocabulary,
            self.field,
            self.field.focus,
            self._ask,
            self._learned,
            watch_s=watched_s,
            read_interval_s=0,
            may_keep=keeps,
            may_write=lambda: writes,
        )

    def _ask(self, suggestion: Suggestion) -> bool:
        if self.can_ask:
            self.asked.append(suggestion)
        return self.can_ask

    def _learned(self) -> None:
        self.learned += 1


@pytest.fixture
def vocabulary(tmp_path: Path) -> Path:
    return tmp_path / "vocabulary.toml"


async def test_own_word_that_is_taken_back_is_kept_as_heard(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, "Ask Bartleby.", "Ask Bartlebie.", "Ask Bartlebie.")
    changes = (RuleChange("own_words", "Bartlebie", "Bartleby"),)
    await watcher.noticing.watch("Ask Bartleby.", THERE, changes, "ask Bartlebie", ("Bartleby",))
    assert watcher.asked == [("Bartlebie", "Bartlebie")]
    await watcher.noticing.learn_pending()
    stored = store.load_vocabulary_file(vocabulary)
    assert (stored.replacements, stored.kept, watcher.learned) == ({}, ("Bartlebie",), 1)
    again = Watcher(vocabulary, "Ask Bartleby.", "Ask Bartlebie.", "Ask Bartlebie.")
    await again.noticing.watch("Ask Bartleby.", THERE, changes, "ask Bartlebie", ("Bartleby",))
    assert again.asked == []


async def test_own_word_is_not_offered_to_be_replaced(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, "Use GitHub now.", "Use GitLab now.", "Use GitLab now.")
    await watcher.noticing.watch("Use GitHub now.", THERE, (), "use GitHub now", ("GitHub",))
    assert watcher.asked == []


async def test_correction_is_offered_once_and_learned_on_yes(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, f"Hi. {SAID}", "Hi. Push it to Gi now.", f"Hi. {MEANT}")
    await watcher.noticing.watch(SAID, THERE)
    assert watcher.asked == [("get hub", "GitHub")]
    assert not vocabulary.exists(), "there is no answer yet"
    watcher.field.texts = [SAID, MEANT]
    await watcher.noticing.watch(SAID, THERE)
    assert len(watcher.asked) == 1
    await watcher.noticing.learn_pending()
    await watcher.noticing.learn_pending()
    kept = store.load_vocabulary_file(vocabulary)
    assert (kept.replacements, kept.declined, watcher.learned) == ({"get hub": "GitHub"}, frozenset(), 1)
    watcher.field.texts = [SAID, MEANT]
    await watcher.noticing.watch(SAID, THERE)
    assert len(watcher.asked) == 1


async def test_sent_message_is_judged_by_its_last_text(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, SAID, MEANT, "")
    await watcher.noticing.watch(SAID, THERE)
    assert watcher.asked == [("get hub", "GitHub")]


async def test_text_is_checked_at_timeout_with_same_focus(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, SAID, MEANT, *[MEANT] * 9, watched_s=0)
    await watcher.noticing.watch(SAID, THERE)
    assert watcher.asked == [("get hub", "GitHub")]
    assert watcher.field.texts, "no longer than that"


@pytest.mark.parametrize(
    "texts", [(SAID, SAID), (SAID, "Push it somewhere else now."), ("Other text.", MEANT), (None,), ("", MEANT)]
)
async def test_unchanged_or_unknown_text_asks_nothing(vocabulary: Path, texts: tuple[str | None, ...]) -> None:
    watcher = Watcher(vocabulary, *texts)
    await watcher.noticing.watch(SAID, THERE)
    assert watcher.asked == []
    assert not vocabulary.exists()


async def test_correction_beside_our_text_is_ignored(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, f"Dear jon, {SAID}", f"Dear John, {SAID}")
    await watcher.noticing.watch(SAID, THERE)
    assert watcher.asked == []


@pytest.mark.parametrize(
    "into", [Target(1), Target(1, field=InputField()), Target(1, field=InputField(True, (":1", "/x")))]
)
async def test_unknown_or_password_field_is_never_read(vocabulary: Path, into: Target) -> None:
    watcher = Watcher(vocabulary, SAID, MEANT)
    await watcher.noticing.watch(SAID, into)
    assert watcher.field.texts == [SAID, MEANT]


async def test_what_could_not_be_asked_is_not_declined(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, SAID, MEANT, can_ask=False)
    await watcher.noticing.watch(SAID, THERE)
    assert not vocabulary.exists()


async def test_decline_writes_the_pair_once_the_user_refuses(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, SAID, MEANT)
    await watcher.noticing.watch(SAID, THERE)
    await watcher.noticing.decline_pending()
    assert store.load_vocabulary_file(vocabulary).declined == {("get hub", "GitHub")}
    await watcher.noticing.learn_pending()
    assert store.load_vocabulary_file(vocabulary).replacements == {}, "it was answered"
    anew = Watcher(vocabulary, SAID, MEANT)
    await anew.noticing.watch(SAID, THERE)
    assert anew.asked == []


async def test_watch_looks_at_nothing_where_nothing_is_kept(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, SAID, MEANT, keeps=lambda into: into.app != "editor")
    await watcher.noticing.watch(SAID, THERE)
    assert (watcher.asked, watcher.field.texts) == ([], [SAID, MEANT])


async def test_private_mode_during_the_watch_asks_nothing(vocabulary: Path) -> None:
    answers = [True, False]
    watcher = Watcher(vocabulary, SAID, MEANT, keeps=lambda into: answers.pop(0))
    await watcher.noticing.watch(SAID, THERE)
    assert (watcher.asked, answers) == ([], [])


@pytest.mark.parametrize(("kept", "writes"), [(False, True), (True, False)])
async def test_decline_writes_no_word_that_is_not_kept(vocabulary: Path, kept: bool, writes: bool) -> None:
    answers = [True, True, kept]
    watcher = Watcher(vocabulary, SAID, MEANT, keeps=lambda into: answers.pop(0), writes=writes)
    await watcher.noticing.watch(SAID, THERE)
    assert len(watcher.asked) == 1
    await watcher.noticing.decline_pending()
    assert not vocabulary.exists()


def test_clean_up_once_spares_what_is_refused_later(vocabulary: Path, tmp_path: Path) -> None:
    marker = tmp_path / "state" / "marker"
    vocabulary.write_text('[replacements]\n"get hub" = "GitHub" # mine\n\n[declined]\nKuchera = ["Kucera"]\n')
    clear_old_declined(vocabulary, marker)
    assert vocabulary.read_text().rstrip() == '[replacements]\n"get hub" = "GitHub" # mine'
    store.decline_suggestion(vocabulary, "jon", "John")
    clear_old_declined(vocabulary, marker)
    assert store.load_vocabulary_file(vocabulary).declined == {("jon", "John")}


def test_clean_up_once_tries_again_after_a_failure(vocabulary: Path, tmp_path: Path) -> None:
    vocabulary.write_text("[declined\n")
    clear_old_declined(vocabulary, tmp_path / "marker")
    vocabulary.write_text('[declined]\nKuchera = ["Kucera"]\n')
    clear_old_declined(vocabulary, tmp_path / "marker")
    assert store.load_vocabulary_file(vocabulary).declined == frozenset()


def test_writes_words_only_in_the_clear_by_choice(tmp_path: Path) -> None:
    paths = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    history = HistoryStore(paths.history)
    for loaded, writes in (
        (in_force(HistorySettings()), True),
        (in_force(HistorySettings(private="on")), False),
        (in_force(HistorySettings(encrypted="on")), False),
        (in_force(HistorySettings(), is_safe_mode=True), False),
    ):
        remembering = HistoryService(
            DictationRecorder(paths, history), history, lambda loaded=loaded: loaded, lambda: None
        )
        assert remembering.can_write_words() is writes


async def test_an_undo_is_no_correction(vocabulary: Path) -> None:
    watcher = Watcher(vocabulary, SAID, MEANT, MEANT)
    read = watcher.field.read_field

    async def undo(at: tuple[str, str]) -> str | None:
        watcher.noticing.stop()
        return await read(at)

    watcher.field.read_field = undo  # type: ignore[method-assign]
    await watcher.noticing.watch(SAID, THERE)
    assert watcher.asked == []
    watcher.noticing.close()
    assert watcher.field.closed


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (Idle(), True),
        (Done(Outcome.INSERTED), True),
        (Listening(), False),
        (Failed(UserError("reported-message", title="It broke.", advice="")), False),
    ],
)
def test_no_question_during_speech_or_over_an_error(state: DictationState, asked: bool) -> None:
    shown: list[AppState] = []
    showing = StatusPublisher(shown.append, lambda cancellable: None, lambda: False)
    showing.set_state(state)
    assert showing.offer_suggestion(Suggestion("get hub", "GitHub")) is asked
    assert shown[-1].state == (CorrectionOffered("get hub", "GitHub") if asked else state)


# -- a real program ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def paster(session: Mapping[str, str]) -> AsyncIterator[X11Paster]:
    fields = FocusedFieldReader(session["DBUS_SESSION_BUS_ADDRESS"])
    paster = X11Paster(session["DISPLAY"], fields=fields)
    paster.start(asyncio.get_running_loop())
    yield paster
    paster.close()


@pytest.fixture
async def reader(session: Mapping[str, str]) -> AsyncIterator[FieldTextReader]:
    reader = FieldTextReader(session["DBUS_SESSION_BUS_ADDRESS"])
    yield reader
    reader.close()


async def target(paster: X11Paster) -> Target:
    """The window that is meant now, once its field is known: programs come to the bus late."""
    with anyio.fail_after(PATIENCE_S):
        while True:
            found = await paster.find_target()
            if found.field is not None:
                return found


def type_keys(display: str, hand: Hand, keys: str) -> None:
    """Strike letters one by one; `<` is Backspace and a tab Tab."""
    connection = Display(display)
    shift = connection.keysym_to_keycode(XK.XK_Shift_L)
    named = {"<": XK.XK_BackSpace, "\t": XK.XK_Tab}
    for key in keys:
        keycode = connection.keysym_to_keycode(named.get(key, ord(key)))
        if key.isupper():
            hand.press(shift)
        hand.press(keycode)
        hand.release(keycode)
        if key.isupper():
            hand.release(shift)
    connection.close()


@pytest.mark.parametrize("command", [FORM, ("/usr/bin/python3", "-c", GTK_4, "Entry")])
async def test_a_gtk_field_tells_its_text(
    display: str, session: Mapping[str, str], paster: X11Paster, reader: FieldTextReader, command: tuple[str, ...]
) -> None:
    with program(display, "fields", *command, env=session):
        there = await target(paster)
        assert await paster.paste("é 日本 👍", there, lambda: None) == PasteResult(Outcome.INSERTED)
        assert there.field is not None
        assert await reader.read_field(there.field.address) == "é 日本 👍"
    assert await reader.read_field(there.field.address) is None


@pytest.mark.parametrize(
    "command", [("yad", "--entry", "--hide-text", "--title=fields"), ("/usr/bin/python3", "-c", GTK_4, "PasswordEntry")]
)
async def test_a_password_is_never_asked_for(
    display: str,
    session: Mapping[str, str],
    paster: X11Paster,
    reader: FieldTextReader,
    hand: Hand,
    command: tuple[str, ...],
) -> None:
    with program(display, "fields", *command, env=session):
        there = await target(paster)
        type_keys(display, hand, "secret")
        assert there.field is not None
        assert await reader.read_field(there.field.address) is None


async def test_name_corrected_in_real_window_is_offered(
    display: str, session: Mapping[str, str], paster: X11Paster, reader: FieldTextReader, hand: Hand, vocabulary: Path
) -> None:
    asked: list[Suggestion] = []

    def ask(suggestion: Suggestion) -> bool:
        asked.append(suggestion)
        return True

    looked, read = anyio.Event(), reader.read_field

    async def look(at: tuple[str, str]) -> str | None:
        text = await read(at)
        looked.set()
        return text

    reader.read_field = look  # type: ignore[method-assign]
    noticing = CorrectionWatcher(vocabulary, reader, paster.find_target, ask, lambda: None, read_interval_s=0.05)
    with program(display, "fields", *FORM, env=session):
        there = await target(paster)
        said = "Push it to get hub"
        assert await paster.paste(said, there, lambda: None) == PasteResult(Outcome.INSERTED)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(noticing.watch, said, there)
            await looked.wait()
            await anyio.to_thread.run_sync(type_keys, display, hand, "<<<<<<<GitHub\t")
    assert asked == [("get hub", "GitHub")]
