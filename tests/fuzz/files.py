"""What is in files: those that the user was given, and those that are Intone's own, which may have been edited by hand
or cut short by a power cut."""

from __future__ import annotations

import csv
import io
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import numpy as np
import soundfile

from desktop.app import model_speed
from desktop.audio import file as audio_file
from desktop.audio.ducking import AudioDucker
from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolHeader
from desktop.core.chords import clean_for_terminal, flatten_for_shell
from desktop.core.types import Outcome
from desktop.core.types import Target as WindowTarget
from desktop.history.export import EXPORT_FORMATS
from desktop.history.import_ import import_history
from desktop.history.repair import repair_history
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.search import index_terms
from desktop.history.store import HistoryStore
from desktop.paste import apps
from desktop.polish import styles
from desktop.settings import store
from desktop.ui.pill.placement import PillPositions
from desktop.vocabulary import import_export
from desktop.vocabulary import store as vocabulary_store
from desktop.vocabulary.snippets import expand_snippets
from desktop.vocabulary.vocabulary import Vocabulary
from models import catalog
from tests.fuzz.target import Target, folder, in_file, lines, run

_BEGAN = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def _restored(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder()) as name:
        home = Path(name)
        history = HistoryStore(home / "history.db")
        import_history(history, path)
        for ending in EXPORT_FORMATS:
            history.export(home / f"again{ending}")


def _taken_in(path: Path) -> None:
    kept = path.with_name("taken-in.toml")
    kept.unlink(missing_ok=True)
    found = import_export.read_vocabulary(path)
    vocabulary_store.put_entries(kept, "replacements", found.replacements)
    vocabulary_store.put_entries(kept, "snippets", found.snippets)
    read = vocabulary_store.load_vocabulary_file(kept)
    assert (read.replacements, read.snippets) == (found.replacements, found.snippets)


def _damaged(data: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=folder()) as name:
        in_file(f"{Path(name).name}/history.db", lambda path: repair_history(path, lambda: [], _BEGAN), data)


def _snippet(data: bytes) -> None:
    said = data.decode(errors="replace")
    told = expand_snippets("my address", Vocabulary((), snippets={"my address": said}), datetime.now(UTC), said)
    clean_for_terminal(told.text)
    flatten_for_shell(told.text)


def _styles(path: Path) -> None:
    found = styles.load_styles(path)
    found.style_for(WindowTarget(1, "slack", "A title", site="example.org"))


def _applications(path: Path) -> None:
    apps.load_paste_rules(path).find_rule("slack", "slack").adapt_text("a\tb\nc")


def _takes(path: Path) -> None:
    spool = Spool(path.parent)
    for take in spool.find_leftovers():
        _ = take.is_empty, take.read_audio(1.0), sum(map(len, take.read_blocks()))
        take.update_header(replace(take.header, tries=take.header.tries + 1))
        take.save_flac(path.with_suffix(".flac"))


def _take(data: bytes) -> None:
    home = folder() / "takes"
    home.mkdir(exist_ok=True)
    (home / "whole.take").write_bytes(_TAKE)
    in_file("takes/some.take", _takes, data)


def _kept(path: Path) -> None:
    model_speed.load_speeds(path)
    PillPositions(path, lambda work: work()).get_position("a")
    run(_owed(path))


async def _owed(path: Path) -> None:
    for debt in AudioDucker(path, {}).ducked_streams:
        hash(debt)


def _catalogue(data: bytes) -> None:
    import tomllib

    try:
        entries = tomllib.loads(data.decode(errors="replace"))
    except (ValueError, RecursionError):
        return
    for name, entry in entries.items():
        try:
            catalog._make_model(name, entry)
        except (KeyError, TypeError, AttributeError):  # it is ours, and shipped: a test reads it once
            continue


@cache
def _row() -> HistoryRow:
    return HistoryRow(
        id=1, started_at=_BEGAN, raw_text="one two", text="One two.", language="en", duration_s=1.5,
        delivery=Outcome.INSERTED,
    )  # fmt: skip


def _two_kinds() -> bytes:
    """A file whose sound changes its rate on the way."""
    return _wave("MP3", "MPEG_LAYER_III") + _wave("MP3", "MPEG_LAYER_III", 44_100)


def _too_quick() -> bytes:
    """A file whose header says a gigahertz."""
    return _wave("WAV", "PCM_16", 1_000_000_000)


def _wave(format: str, subtype: str, rate_hz: int = 16_000) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, np.zeros(8_000, np.float32), rate_hz, format=format, subtype=subtype)
    return out.getvalue()


def _many() -> tuple[bytes, ...]:
    """Vocabularies as large as an input may be, of entries that differ, or do not."""
    entries = [f"replacement,a {n},b\n" for n in range(3_000)]
    table = "".join(f'"a {n}" = "b"\n' for n in range(4_000))
    return "".join(entries).encode(), b"replacement,a,b\n" * 4_000, f"[snippets]\n{table}".encode()


def _table() -> bytes:
    out = io.StringIO()
    fields = _row().to_json()
    table = csv.DictWriter(out, fields)
    table.writeheader()
    table.writerow({**fields, "emotion": "", "sent": "", "changed": ""})
    return out.getvalue().encode()


def _damages() -> tuple[bytes, ...]:
    """A history that says of itself that it is old, one with an id that would take years to count to, and one whose
    names are no text."""
    old = "PRAGMA user_version = 0"
    torn = _database().replace(b"words_", b"w\xffrds_")
    return _database(old), _database(old, f"UPDATE sqlite_sequence SET seq = {2**62}"), torn


def _database(*damage: str) -> bytes:
    """A history of three rows, in pages so small that all of it is an input."""
    with tempfile.TemporaryDirectory(dir=folder()) as name:
        path = Path(name) / "history.db"
        entry = HistoryEntry(started_at=_BEGAN, raw_text="one two", text="One two.", delivery=Outcome.INSERTED)
        HistoryStore(path).add_missing([entry] * 3)
        with closing(sqlite3.connect(path, autocommit=True)) as connection:
            connection.create_function("terms", 9, index_terms, deterministic=True)
            for change in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 512", "VACUUM", *damage):
                connection.execute(change).fetchall()
        return path.read_bytes()


_SETTINGS = b'[hotkey]\ntalk = ["ctrl_r"]\n[recognizer]\nlanguage = "en,zh"\n[engines.openai]\nurl = "https://a.org"\n'
_WORDS = (
    b'[replacements]\n"get hub" = "GitHub"\n[snippets]\n"my address" = """12 High\nStreet"""\n[declined]\n"a" = ["b"]\n'
)
_OWN = b'[slack]\nenter = true\ndelay_ms = 5\nchord = "ctrl+v"\nlines = "keep"\n'
_STYLE = b'[style.brief]\nclosing = false\ntone = "Short."\n[[rule]]\nstyle = "brief"\napp = "slack"\ntitle = "*a*"\n'
_TAKE = SpoolHeader(_BEGAN, "slack", tries=1).to_line() + bytes(3200)
_OLD = b'{"started_at": "2026-05-04T03:02:01"}\n' + bytes(1601)
_TRIED = SpoolHeader(_BEGAN).to_line().replace(b'"tries": 0', b'"tries": 1e999') + bytes(320)
_SPEEDS = lines({"cpu": {"base": 8.5, "small": 2}})
_PLACES = lines({"DP-1": [0.5, 0.25]})
_DEBTS = lines([{"kind": "duck", "who": "a", "where": "7", "before": [65536, 65536], "after": [13107]}])


def given() -> dict[str, Target]:
    """What the user was given or took from elsewhere, by name."""
    sound = _wave("WAV", "PCM_16"), _wave("FLAC", "PCM_16"), _wave("OGG", "VORBIS"), _wave("MP3", "MPEG_LAYER_III")
    history, row = ("desktop.history",), _row().to_json()
    far = lines({**row, "duration_s": 1e300}), lines({**row, "started_at": "0001-01-01T00:00:00+14:00"}), b"[" * 65_000
    return {
        "audio": Target(
            partial(in_file, "sound", audio_file.read_audio),
            sound,
            ("desktop.audio.file",),
            (_two_kinds(), _too_quick()),
        ),
        "history-jsonl": Target(partial(in_file, "history.jsonl", _restored), (lines(_row().to_json()),), history, far),
        "history-csv": Target(partial(in_file, "history.csv", _restored), (_table(),), history),
        "vocabulary-import": Target(
            lambda data: [in_file(f"words{ending}", _taken_in, data) for ending in (".toml", ".csv", ".txt")],
            (_WORDS, b"kind,heard,written\nreplacement,a,b\n", b"Kubernetes\nIntone\n"),
            ("desktop.vocabulary", "tomlkit"),
            _many(),
        ),
    }


def own() -> dict[str, Target]:
    """What Intone wrote itself or the user writes for it, by name."""
    shipped = (Path(catalog.__file__).with_name("catalog.toml")).read_bytes()[:3000]
    shipped = shipped[: shipped.rindex(b"\n[")]
    return {
        "settings": Target(
            partial(in_file, "settings.toml", store.load_settings), (_SETTINGS,), ("desktop.settings", "tomllib")
        ),
        "vocabulary": Target(
            partial(in_file, "vocabulary.toml", vocabulary_store.load_vocabulary_file),
            (_WORDS,),
            ("desktop.vocabulary", "tomllib"),
        ),
        "snippets": Target(
            _snippet,
            (b"{date:%Y-%m-%d} {time} {clipboard} {cursor}", b"{0.__class__} {date:%}"),
            ("desktop.vocabulary.snippets", "desktop.core.chords"),
            (b" " * 65_000,),
        ),
        "applications": Target(
            partial(in_file, "applications.toml", _applications),
            (_OWN,),
            ("desktop.paste.apps", "desktop.core.files"),
        ),
        "styles": Target(
            partial(in_file, "styles.toml", _styles), (_STYLE,), ("desktop.polish.styles", "desktop.core.files")
        ),
        "takes": Target(_take, (_TAKE, _OLD), ("desktop.audio.spool", "desktop.audio.spool_file"), (_OLD, _TRIED)),
        "kept": Target(
            partial(in_file, "kept.json", _kept),
            (_SPEEDS, _PLACES, _DEBTS),
            ("desktop.app.model_speed", "desktop.ui.pill.placement", "desktop.audio.ducking"),
            (b"[" * 65_000, lines({"cpu": {"base": 10**400}})),
        ),
        "history-file": Target(_damaged, (_database(),), ("desktop.history",), _damages()),
        "catalogue": Target(_catalogue, (shipped,), ("models.catalog",)),
    }
