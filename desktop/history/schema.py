"""Open the history's database, define its tables, and migrate older files.

WAL, so that the command line reads beside an app that writes. A new file is created aside and then gets its name,
whole: switching to WAL waits for no lock (SQLite answers "locked" at once, whatever the timeout), so two programs that
begin the history together must not both do it on the same file. `secure_delete`, and FTS5's own, overwrite a deleted
sentence. `user_version` counts the migrations of a file; a file with more than are known here is refused untouched,
because writing into it would lose what the newer app put there.

It may be encrypted; `desktop.history.connection` finds the file, and nothing here differs.

`AUTOINCREMENT` never reuses an id: a recording is named by its row, and a deleted row's name must not come back.
`started_at` keeps its offset, for display; `started_s` is the same time for comparing. The text is indexed as external
content, so that no sentence is stored twice: the SQL function `terms` returns what is indexed of a row, and is
registered on each connection.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from desktop.core.errors import DamagedError, HistoryError
from desktop.core.files import create_unique_file
from desktop.core.locks import give_name
from desktop.core.paths import make_private_dir
from desktop.encryption.cipher import EncryptionKey
from desktop.history import connection as history_connection
from desktop.history.figures import FIGURES_MIGRATION, FIGURES_VIEW_MIGRATION
from desktop.history.search import index_terms

FUNCTION_ERROR = "user-defined function raised"
"""What SQLite says if `terms` gets bytes that are no longer text."""

WRITE_TIMEOUT_S = 5.0
"""Seconds to wait for another writer: ours take milliseconds."""

_DELETE_TRIGGER = """
    CREATE TRIGGER dictation_removed AFTER DELETE ON dictation BEGIN
        INSERT INTO words (words, rowid, terms) VALUES ('delete', old.id, terms(
            old.raw_text, old.text, old.edited, old.app, old.window,
            old.language, old.delivery, old.emotion, old.emotion_user));
    END;
"""

_UPDATE_TRIGGER = """
    CREATE TRIGGER dictation_changed
    AFTER UPDATE OF raw_text, text, edited, app, window, language, delivery, emotion, emotion_user ON dictation BEGIN
        INSERT INTO words (words, rowid, terms) VALUES ('delete', old.id, terms(
            old.raw_text, old.text, old.edited, old.app, old.window,
            old.language, old.delivery, old.emotion, old.emotion_user));
        INSERT INTO words (rowid, terms) VALUES (new.id, terms(
            new.raw_text, new.text, new.edited, new.app, new.window,
            new.language, new.delivery, new.emotion, new.emotion_user));
    END;
"""

MIGRATIONS = (
    """
    CREATE TABLE dictation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at TEXT NOT NULL,
        started_s REAL NOT NULL,
        app TEXT NOT NULL,
        window TEXT NOT NULL,
        raw_text TEXT NOT NULL,
        text TEXT NOT NULL,
        language TEXT NOT NULL,
        duration_s REAL NOT NULL,
        engine TEXT NOT NULL,
        model TEXT NOT NULL,
        release_to_text_ms REAL,
        delivery TEXT NOT NULL,
        emotion TEXT,
        audio_path TEXT,
        note TEXT NOT NULL,
        decode_s REAL NOT NULL,
        device TEXT NOT NULL,
        paste_ms REAL,
        guards TEXT NOT NULL
    ) STRICT;
    CREATE INDEX dictation_audio ON dictation (started_s) WHERE audio_path IS NOT NULL;
    CREATE VIRTUAL TABLE words USING fts5 (
        raw_text, text, app, window,
        content = 'dictation', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
    );
    INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
    CREATE TRIGGER dictation_added AFTER INSERT ON dictation BEGIN
        INSERT INTO words (rowid, raw_text, text, app, window)
        VALUES (new.id, new.raw_text, new.text, new.app, new.window);
    END;
    CREATE TRIGGER dictation_removed AFTER DELETE ON dictation BEGIN
        INSERT INTO words (words, rowid, raw_text, text, app, window)
        VALUES ('delete', old.id, old.raw_text, old.text, old.app, old.window);
    END;
    CREATE TRIGGER dictation_changed AFTER UPDATE OF raw_text, text, app, window ON dictation BEGIN
        INSERT INTO words (words, rowid, raw_text, text, app, window)
        VALUES ('delete', old.id, old.raw_text, old.text, old.app, old.window);
        INSERT INTO words (rowid, raw_text, text, app, window)
        VALUES (new.id, new.raw_text, new.text, new.app, new.window);
    END;
    """,
    "ALTER TABLE dictation ADD COLUMN sent TEXT NOT NULL DEFAULT '[]';",
    """
    ALTER TABLE dictation ADD COLUMN style TEXT NOT NULL DEFAULT '';
    ALTER TABLE dictation ADD COLUMN changed TEXT NOT NULL DEFAULT '[]';
    """,
    "ALTER TABLE dictation ADD COLUMN edited TEXT;",
    """
    ALTER TABLE dictation ADD COLUMN emotion_user TEXT;
    CREATE INDEX dictation_started ON dictation (started_s);
    CREATE INDEX dictation_corrected ON dictation (id) WHERE emotion_user IS NOT NULL;
    CREATE TABLE voice_baseline (
        microphone TEXT NOT NULL,
        model TEXT NOT NULL,
        takes INTEGER NOT NULL,
        mean BLOB NOT NULL,
        updated TEXT NOT NULL,
        PRIMARY KEY (microphone, model)
    ) STRICT;
    DROP TRIGGER dictation_added;
    DROP TRIGGER dictation_removed;
    DROP TRIGGER dictation_changed;
    DROP TABLE words;
    CREATE VIEW indexed AS SELECT id, terms(
        raw_text, text, edited, app, window, language, delivery, emotion, emotion_user) AS terms FROM dictation;
    CREATE VIRTUAL TABLE words USING fts5 (
        terms, content = 'indexed', content_rowid = 'id', prefix = '1 2 3',
        tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co'"
    );
    INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
    INSERT INTO words (words) VALUES ('rebuild');
    CREATE TRIGGER dictation_added AFTER INSERT ON dictation BEGIN
        INSERT INTO words (rowid, terms) VALUES (new.id, terms(
            new.raw_text, new.text, new.edited, new.app, new.window,
            new.language, new.delivery, new.emotion, new.emotion_user));
    END;
    """
    + _DELETE_TRIGGER
    + _UPDATE_TRIGGER,
    FIGURES_MIGRATION,
    FIGURES_VIEW_MIGRATION,
)
"""Each brings a file one version further. Never change one that was released: add another."""

NOTE_CODES_STATEMENT = "ALTER TABLE dictation ADD COLUMN note_codes TEXT NOT NULL DEFAULT ''"
"""Adds the codes of the notes. It raises no version, so that an older Intone still opens the file."""


def start_marker(path: Path) -> Path:
    """Return the path of the file whose modification time is when the history at `path` was created.

    An older recording may belong to a history that the user has moved away. The file is removed once a damaged history
    was imported.
    """
    return path.with_name(f"{path.stem}.begun")


@contextmanager
def open_history(path: Path, timeout_s: float = WRITE_TIMEOUT_S) -> Iterator[sqlite3.Connection]:
    """Open a connection to the up-to-date history at `path`, created with mode 0600 if missing.

    Every statement is its own transaction unless one is begun; what is not committed is rolled back. Raises
    `HistoryError`, also for errors inside the block.
    """
    with history_errors(path), history_connection.shared_lock(path):
        file = history_connection.current_file(path)
        key = history_connection.load_key(path, file)
        if not file.exists():
            start_marker(path).touch(mode=0o600)
            _create_history(file, key)
        with closing(history_connection.open_database(file, key, timeout_s)) as connection:
            prepare_connection(connection)
            _migrate_schema(connection, path)
            yield connection


@contextmanager
def without_index(connection: sqlite3.Connection) -> Iterator[None]:
    """Rebuild the index at the end of a transaction of deletions and changes: row by row, each costs it 2 ms."""
    connection.execute("DROP TRIGGER dictation_removed")
    connection.execute("DROP TRIGGER dictation_changed")
    yield
    rebuild_index(connection)
    connection.execute(_DELETE_TRIGGER)
    connection.execute(_UPDATE_TRIGGER)


def rebuild_index(connection: sqlite3.Connection) -> None:
    """Build the index that words are searched in from the rows."""
    connection.execute("INSERT INTO words (words) VALUES ('rebuild')")


def prepare_connection(connection: sqlite3.Connection) -> None:
    """Let the triggers call `terms`, which some builds of SQLite allow only to a trusted schema."""
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA trusted_schema = ON")
    connection.create_function("terms", 9, index_terms, deterministic=True)


def _create_history(path: Path, key: EncryptionKey | None) -> None:
    """Create a history without rows, unless another process was quicker."""
    descriptor, new = create_unique_file(make_private_dir(path.parent), f"{path.name}.")
    os.close(descriptor)
    try:
        with closing(history_connection.open_database(new, key, WRITE_TIMEOUT_S)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            prepare_connection(connection)
            _migrate_schema(connection, path)
        with suppress(FileExistsError):  # not `replace_file`: another process's history must stay
            give_name(new, path)
    finally:
        new.unlink(missing_ok=True)


def _migrate_schema(connection: sqlite3.Connection, path: Path) -> None:
    if _read_version(connection, path) < len(MIGRATIONS):
        _add_migrations(connection, path)
    elif not _has_note_codes(connection):
        try:
            _add_migrations(connection, path)
        except history_connection.database_errors() as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL):
                raise
            connection.rollback()  # it can be read without the column


def _add_migrations(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for script in MIGRATIONS[_read_version(connection, path) :]:
        for statement in _split_statements(script):
            connection.execute(statement)
    if not _has_note_codes(connection):  # another process may have added it meanwhile
        connection.execute(NOTE_CODES_STATEMENT)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    connection.execute("COMMIT")


def _has_note_codes(connection: sqlite3.Connection) -> bool:
    sql = "SELECT 1 FROM pragma_table_info('dictation') WHERE name = 'note_codes'"
    return connection.execute(sql).fetchone() is not None


def _split_statements(script: str) -> Iterator[str]:
    """Yield single statements: SQLCipher's `executescript` would end the transaction first."""
    statement = ""
    for part in script.split(";")[:-1]:
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _read_version(connection: sqlite3.Connection, path: Path) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise HistoryError("history-newer", path=str(path))
    return version


@contextmanager
def history_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and the file system into `HistoryError`; those of our mistakes (`SQLITE_ERROR`, misuse)
    stay bugs."""
    try:
        yield
    except OSError as error:
        raise HistoryError("history-unusable-owner", path=str(path), reason=error.strerror or str(error)) from error
    except history_connection.database_errors() as error:
        match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
            case sqlite3.SQLITE_FULL:
                problem = HistoryError("history-disk-full")
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                problem = HistoryError("history-busy")
            case _ if str(error).startswith(FUNCTION_ERROR):
                problem = DamagedError("history-damaged", path=str(path))
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                problem = DamagedError("history-damaged", path=str(path))
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR:
                problem = HistoryError("history-unusable", path=str(path), reason=str(error))
            case _:
                raise
        raise problem from error
