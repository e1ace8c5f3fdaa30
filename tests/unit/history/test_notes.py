"""Notes in the history: by code for the windows, in English for everything else, and readable by older versions."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.core.errors import ServiceError
from desktop.core.message_json import dump_message, find_notes, load_message
from desktop.core.messages import AND, OR, Foreign, Message, Notes, Param, PartList, RemedyOf, render
from desktop.core.texts.table import TEXTS
from desktop.core.types import Outcome
from desktop.history import schema
from desktop.history.repair import read_readable_entries
from desktop.history.rows import HistoryEntry, reported_notes
from desktop.history.schema import MIGRATIONS, open_history
from desktop.history.store import HistoryStore
from tests.contracts.surface import frozen

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
LATE = Message("service-late", service="OpenAI", seconds="1.5")
NOTES: Notes = (
    Message("text-edited", instruction=Foreign("make this shorter")),
    Message("problem-title", problem=ServiceError("service-failed", service="OpenAI", status=503).message),
    Message("text-in-history").without_kept_claims(),
)
ENGLISH = (
    "Edited: make this shorter. OpenAI has a problem of its own (status 503). "
    "Paste last has the text; the history does not."
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def history(file: Path) -> HistoryStore:
    return HistoryStore(file)


def said(notes: Notes = ()) -> HistoryEntry:
    return HistoryEntry(started_at=NOW, text="Hello.", delivery=Outcome.INSERTED, notes=notes)


def execute(file: Path, *statements: str) -> None:
    """Change the file as another version would, without `open_history` at the end."""
    with open_history(file) as connection:
        for statement in statements:
            connection.execute(statement)


def test_notes_come_back_as_messages(history: HistoryStore) -> None:
    id = history.add(said(NOTES)).id
    row = history.get(id)
    assert row is not None
    assert (row.notes, row.note) == (NOTES, ENGLISH)
    assert [note.is_kept for note in row.notes] == [True, True, False]


def test_the_file_has_notes_in_english(history: HistoryStore, file: Path) -> None:
    id = history.add(said(NOTES)).id
    with open_history(file) as connection:
        assert connection.execute("SELECT note FROM dictation").fetchone()[0] == ENGLISH
    assert history.update(id, notes=()) is not None
    with open_history(file) as connection:
        assert tuple(connection.execute("SELECT note, note_codes FROM dictation").fetchone()) == ("", "")


def test_note_of_older_version_stands_as_it_is(history: HistoryStore, file: Path) -> None:
    history.add(said((LATE,)))
    execute(file, "UPDATE dictation SET note = 'The window changed.'")  # an undo by an older version, for example
    (row,) = history.rows()
    assert (row.notes, row.note) == (reported_notes("The window changed."), "The window changed.")


OLD_NOTES = {
    "Return was not pressed.": ["return-not-pressed"],
    "The text was taken back.": ["text-taken-back"],
    "The text as it was spoken was put in its place.": ["swapped-for-raw-text"],
    "The text as it was before was put in its place.": ["swapped-for-text-before-edit"],
    "What was on the clipboard before could not be kept.": ["clipboard-contents-lost"],
    "Another program read the text first, so it is not known whether it arrived. It is in the history.": [
        "text-read-by-other"
    ],
    "Intone was stopped while this was on its way. It may be in the window already.": ["text-maybe-inserted"],
    "A password field has the focus. The text is in the history.": ["password-field-focused", "text-in-history"],
    "Another program holds the clipboard. The text is in the history.": ["clipboard-held", "text-in-history"],
    "Something went wrong inside Intone. The text is in the history.": ["paste-internal-error", "text-in-history"],
    "The screen cannot be reached. The text is in the history.": ["paste-screen-lost", "text-in-history"],
    "The desktop cannot be reached. The text is in the history.": ["paste-desktop-lost", "text-in-history"],
    "Here Intone cannot see what it inserted. Nothing was changed.": ["insertion-unseen", "nothing-changed"],
    "This is a password field. Nothing was kept.": ["password-field-not-kept"],
    "This is a password field. Nothing was pasted.": ["password-field-not-pasted"],
}
"""Notes as a version without codes wrote them, and the codes of what they say."""


@pytest.mark.parametrize("note", OLD_NOTES)
def test_fixed_note_of_older_version_has_codes(history: HistoryStore, file: Path, note: str) -> None:
    assert note in frozen("messages"), "it is of that version"
    history.add(said())
    execute(file, f"UPDATE dictation SET note = '{note}'")
    (row,) = history.rows()
    assert [message.code for message in row.notes] == OLD_NOTES[note]
    assert row.note == note


def test_list_in_a_note_comes_back(history: HistoryStore) -> None:
    notes = (Message("rule-edits-refused", rules=PartList(("numbers", "spoken"), AND)),)
    row = history.get(history.add(said(notes)).id)
    assert row is not None
    assert row.notes == notes
    assert row.note == "What numbers and spoken would have made of a number or a negation was not used."


def test_list_is_text_for_scripts_and_older_versions() -> None:
    names = PartList(("base", PartList(("a", "b"), OR)))
    data = dump_message(Message("models-installed", names=names))
    assert data["params"] == {"names": "base, a or b"}
    assert load_message(data) == Message("models-installed", names=names)
    del data["lists"]
    assert str(load_message(data)) == "Installed: base, a or b"


@pytest.mark.parametrize(
    "part",
    [
        Foreign("x-request-id secret"),
        PartList(("base", Foreign("secret")), OR),
        Message("text-edited", instruction=Foreign("secret")),
        Message("models-installed", names=PartList((Foreign("secret"),))),
        RemedyOf(Message("reported-message", title="", advice=Foreign("secret"))),
        (Message("text-edited", instruction=Foreign("secret")),),
    ],
)
def test_list_of_foreign_parts_is_foreign_to_older_versions(part: Param) -> None:
    message = Message("models-installed", names=PartList(("small", part)))
    data = dump_message(message)
    assert load_message(data) == message
    del data["lists"]
    assert "secret" in str(load_message(data))
    assert "secret" not in str(load_message(data).redacted())


def test_every_fixed_text_is_found_by_its_english() -> None:
    for code, text in TEXTS.items():
        if "{" not in text.title + text.remedy:
            for message in (Message(code), Message(code).without_kept_claims()):
                assert render(find_notes(str(message))) == str(message), code
                assert render(find_notes(message.title)) == message.title, code


@pytest.mark.parametrize("note", ["Edited: make this shorter.", "Return was not", "Return was not pressed. Why?", " "])
def test_other_note_stays_as_it_is(note: str) -> None:
    assert reported_notes(note) == (Message("reported-message", title=Foreign(note), advice=""),)


def test_codes_hold_when_their_text_is_worded_anew(history: HistoryStore, file: Path) -> None:
    history.add(said((LATE,)))
    old = "OpenAI was late by 1.5 s."
    execute(file, f"UPDATE dictation SET note = '{old}', note_codes = json_replace(note_codes, '$.english', '{old}')")
    (row,) = history.rows()
    assert (row.notes, row.note) == ((LATE,), str(LATE))


@pytest.mark.parametrize(
    "codes",
    [
        f'{{"english": "{LATE}", "messages": [{{"code": "not-known-yet", "params": {{}}}}]}}',
        f'{{"english": "{LATE}", "messages": [{{"code": "service-late"}}]}}',
        "[{",
        "7",
    ],
)
def test_codes_that_cannot_be_shown_leave_the_english(history: HistoryStore, file: Path, codes: str) -> None:
    history.add(said((LATE,)))
    execute(file, f"UPDATE dictation SET note_codes = '{codes}'")
    (row,) = history.rows()
    assert (row.notes, row.note) == (reported_notes(str(LATE)), str(LATE))


def test_codes_are_added_to_a_file_without_raising_its_version(history: HistoryStore, file: Path) -> None:
    history.add(said((LATE,)))
    execute(file, "ALTER TABLE dictation DROP COLUMN note_codes")
    history.add(said((LATE,)))
    assert [row.notes for row in history.rows()] == [(LATE,), reported_notes(str(LATE))]
    with open_history(file) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)


def test_file_of_older_version_that_can_only_be_read(history: HistoryStore, file: Path) -> None:
    history.add(said((LATE,)))
    execute(file, "ALTER TABLE dictation DROP COLUMN note_codes")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        schema._migrate_schema(connection, file)
        assert connection.execute("SELECT count(*) FROM dictation").fetchone() == (1,)


def test_older_version_still_writes_the_file(history: HistoryStore, file: Path) -> None:
    history.add(said())
    columns = (
        "started_at, started_s, app, window, raw_text, text, language, duration_s, engine, model, delivery, note, "
        "decode_s, device, guards"
    )
    execute(file, f"INSERT INTO dictation ({columns}) SELECT {columns} FROM dictation")
    assert [row.notes for row in history.rows()] == [(), ()]


def test_two_processes_add_the_codes_at_once(history: HistoryStore, file: Path) -> None:
    history.add(said((LATE,)))
    for _ in range(5):
        execute(file, "ALTER TABLE dictation DROP COLUMN note_codes")
        with ThreadPoolExecutor(4) as threads:
            found = [row.note for rows in threads.map(lambda _: history.rows(), range(4)) for row in rows]
        assert found == [str(LATE)] * 4


def test_damaged_file_without_codes_is_still_read(history: HistoryStore, file: Path) -> None:
    history.add(said((LATE,)))
    execute(file, "ALTER TABLE dictation DROP COLUMN note_codes")
    assert [entry.note for entry in read_readable_entries(file, None)] == [str(LATE)]
