"""What is sent to Intone by others, as bytes, and what each of its readers may do with nonsense: refuse it.

A target is a reader, examples of what it is meant for, and nothing else: it returns, or raises what it documents. Every
other exception is a crash, and what takes longer than `HANG_S` is a hang. The tests try each for a moment
(`test_fuzz.py`), `make prove-fuzz` for ten minutes.
"""

from __future__ import annotations

import atexit
import contextlib
import csv
import io
import json
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import soundfile
from pydantic import ValidationError

from desktop import audio_file, settings
from desktop.chat.request import cleaned, part
from desktop.control import _request
from desktop.emotion.llm import read as read_emotion
from desktop.history import History, Row
from desktop.history.export import FORMS
from desktop.history.restore import restore
from desktop.network import Service
from desktop.network.client import Answer
from desktop.network.faults import refused, waits_s
from desktop.network.phases import Phases
from desktop.network.service import Secret
from desktop.paste import applications
from desktop.paste.chords import clean, flatten
from desktop.polish import styles
from desktop.ports import Outcome
from desktop.ports import Target as Window
from desktop.problems import Problem
from desktop.recognizers import deepgram, openai
from desktop.recognizers.asked import Asked
from desktop.recognizers.deepgram_turns import Turns
from desktop.recognizers.deepgram_words import Results
from desktop.recognizers.offers import listing
from desktop.recognizers.openai_items import Items
from desktop.recognizers.talk import Talk, TroubleError
from desktop.vocabulary import Vocabulary, file, forms
from desktop.vocabulary.snippets import expanded
from models import catalogue

HANG_S = 5.0

LARGEST = 65_536
"""Bytes of an input."""


@dataclass(frozen=True)
class Target:
    """A reader, and what it is meant to read."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def mutated(seeds: tuple[bytes, ...], chance: random.Random) -> bytes:
    """One of `seeds`, or two of them, with a few things wrong."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(8):
            case 0:
                data[at : at + 1] = bytes((chance.randrange(256),))
            case 1:
                del data[at : at + chance.choice((1, 2, 8, 64))]
            case 2:
                data[at:at] = data[at : at + chance.randrange(1, 64)] * chance.choice((1, 2, 50))
            case 3:
                data[at:at] = chance.choice(SPITE)
            case 4:
                other = chance.choice(seeds)
                data[at:] = other[chance.randrange(len(other) + 1) :]
            case 5:
                data[at:at] = str(chance.choice((0, -1, 2**31, 2**63, 10**400, 1e308, 0.1))).encode()
            case 6:
                end = data.find(b'"', at)
                data[at : end if end >= 0 else at] = chance.choice(SPITE)
            case _:
                del data[at:]
    return bytes(data[:LARGEST])


SPITE = (
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"NaN", b"Infinity", b"-Infinity", b"null", b"true", b"1e999"),
    *(
        b"[" * 3000,
        b"{" * 300,
        b'{"a":' * 1500,
        b"[]",
        b"{}",
        b'""',
        b'"',
        b"'",
        b'"""',
        b"\r",
        b"\n\n",
        b"\r\n",
        b",",
        b";",
    ),
    *(b"{0.__class__}", b"%s%n", b"$(touch x)", b"../../x", b"\xef\xbb\xbf", "²".encode(), "٣".encode(), b"9" * 5000),
    *(b"-0001-01-01T00:00:00+99:99", b"00:00:00,000 --> 99:99:99,999", b"\x1b[201~", b"\x7f", "\u202e\u0000".encode()),
)


@cache
def _folder() -> Path:
    folder = tempfile.mkdtemp(prefix="intone-fuzz-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _in_file(name: str, read: Callable[[Path], object], data: bytes) -> None:
    path = _folder() / name
    path.write_bytes(data)
    with contextlib.suppress(Problem):
        read(path)


def _talk(make: Callable[[], Talk], data: bytes) -> None:
    talk = make()
    talk.sound(bytes(32_000))
    try:
        for message in data.split(b"\n"):
            talk.told(message.decode(errors="replace"))
            _ = talk.words, talk.done, talk.stuck, talk.still
        talk.hung_up()
    except (TroubleError, ValueError):
        pass


_SERVICE = Service("Somebody", "https://example.org/v1", Secret("openai", lambda name: ""), optional=True)


def _answer(data: bytes) -> Answer:
    return Answer(200, {}, data, Phases())


def _openai(data: bytes) -> None:
    said = openai.OpenAI(_NOBODY, _SERVICE, Asked("auto", ()))._said(_answer(data))
    _ = said.code, said.text


_NOBODY: Any = None


def _problem(read: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(Problem):
        read(data)


def _refusal(data: bytes) -> None:
    head, _, body = data.partition(b"\n")
    headers = {"retry-after": head.decode(errors="replace")}
    waits_s(headers)
    for status in (400, 401, 429, 500):
        str(refused(_SERVICE, status, headers, body))


def _chat(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        cleaned(part(data.decode(errors="replace")).text)
    cleaned(data.decode(errors="replace"))


def _emotion(data: bytes) -> None:
    with contextlib.suppress(ValidationError):
        read_emotion(data.decode(errors="replace"))


class _Client:
    """The socket of a client that sends `data`, in pieces, and goes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def receive(self, most: int = 512) -> bytes:
        if not self._data:
            raise anyio.EndOfStream
        piece, self._data = self._data[:most], self._data[most:]
        return piece


def _command(data: bytes) -> None:
    async def ask() -> None:
        client: Any = _Client(data)
        with contextlib.suppress(anyio.IncompleteRead, anyio.EndOfStream):
            await _request(client)

    anyio.run(ask)


def _restored(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=_folder()) as name:
        home = Path(name)
        history = History(home / "history.db")
        restore(history, path)
        for ending in FORMS:
            history.export(home / f"again{ending}")


def _snippet(data: bytes) -> None:
    said = data.decode(errors="replace")
    told = expanded("my address", Vocabulary((), snippets={"my address": said}), datetime.now(UTC), said)
    clean(told.text)
    flatten(told.text)


def _catalogue(data: bytes) -> None:
    import tomllib

    try:
        entries = tomllib.loads(data.decode(errors="replace"))
    except (ValueError, RecursionError):
        return
    for name, entry in entries.items():
        with contextlib.suppress(KeyError, TypeError, AttributeError):  # it is ours, and shipped: a test reads it once
            catalogue._model(name, entry)


def _styles(path: Path) -> None:
    found = styles.load(path)
    found.at(Window(1, "slack", "A title", site="example.org"))


def _applications(path: Path) -> None:
    applications.load(path).rule("slack", "slack").fitted("a\tb\nc")


def _row() -> Row:
    began = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
    return Row(
        id=1, started_at=began, raw_text="one two", text="One two.", language="en", duration_s=1.5,
        delivery=Outcome.INSERTED,
    )  # fmt: skip


def _wave(format: str, subtype: str) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, np.zeros(800, np.float32), 16_000, format=format, subtype=subtype)
    return out.getvalue()


def _table() -> bytes:
    out = io.StringIO()
    fields = _row().json()
    table = csv.DictWriter(out, fields)
    table.writeheader()
    table.writerow({**fields, "emotion": "", "sent": "", "changed": ""})
    return out.getvalue().encode()


def _json(*messages: Any) -> bytes:
    return b"\n".join(json.dumps(message).encode() for message in messages)


_TEXT = {"transcript": "one two", "confidence": 0.9, "words": [], "languages": ["en"]}
_NOVA = _json(
    {"type": "Results", "start": 0.0, "duration": 1.0, "is_final": True, "speech_final": True, "channel_index": [0, 1],
     "channel": {"alternatives": [_TEXT]}, "from_finalize": True},
    {"type": "Metadata", "duration": 1.0},
    {"type": "Error", "description": "no", "code": "x"},
)  # fmt: skip
_FLUX = _json(
    {"type": "Connected"},
    {"type": "TurnInfo", "event": "Update", "turn_index": 0, "audio_window_end": 0.5, "transcript": "one", "words": []},
    {"type": "TurnInfo", "event": "EndOfTurn", "turn_index": 0, "audio_window_end": 1.0, "transcript": "one two"},
    {"type": "Error", "code": "X", "description": "no"},
)
_ITEM = "conversation.item.input_audio_transcription"
_ITEMS = _json(
    {"type": "session.updated", "session": {}},
    {"type": "input_audio_buffer.committed", "item_id": "a", "previous_item_id": None},
    {"type": f"{_ITEM}.delta", "item_id": "a", "delta": "one "},
    {"type": f"{_ITEM}.completed", "item_id": "a", "transcript": "one two", "usage": {}},
    {"type": "error", "error": {"type": "x", "code": "y", "message": "no"}},
)
_BATCH = _json(
    {"results": {"channels": [{"alternatives": [_TEXT], "detected_language": "en"}]}, "metadata": {"duration": 1.0}}
)
_EVENT = _json({"choices": [{"delta": {"content": "Hello"}, "finish_reason": None}], "usage": {"prompt_tokens": 1}})
_MOOD = _json({"label": "joy", "confidence": 0.5, "valence": 0.1, "arousal": 0.2})
_SETTINGS = b'[hotkey]\ntalk = ["ctrl_r"]\n[recognizer]\nlanguage = "en,zh"\n[engines.openai]\nurl = "https://a.org"\n'
_WORDS = (
    b'[replacements]\n"get hub" = "GitHub"\n[snippets]\n"my address" = """12 High\nStreet"""\n[declined]\n"a" = ["b"]\n'
)
_OWN = b'[slack]\nenter = true\ndelay_ms = 5\nchord = "ctrl+v"\nlines = "keep"\n'
_STYLE = b'[style.brief]\nclosing = false\ntone = "Short."\n[[rule]]\nstyle = "brief"\napp = "slack"\ntitle = "*a*"\n'


def _deepgram(data: bytes) -> None:
    deepgram.Deepgram(_NOBODY, _SERVICE, Asked("nova-3", ()))._said(_answer(data))


@cache
def targets() -> dict[str, Target]:
    """Each by its name."""
    history = _row()
    sound = {"wav": _wave("WAV", "PCM_16"), "flac": _wave("FLAC", "PCM_16"), "ogg": _wave("OGG", "VORBIS")}
    return {
        "settings": Target(partial(_in_file, "settings.toml", settings.load), (_SETTINGS,)),
        "vocabulary": Target(partial(_in_file, "vocabulary.toml", file.load), (_WORDS,)),
        "vocabulary-import": Target(
            lambda data: [_in_file(f"words{ending}", forms.read, data) for ending in (".toml", ".csv", ".txt")],
            (_WORDS, b"kind,heard,written\nreplacement,a,b\n", b"Kubernetes\nIntone\n"),
        ),
        "applications": Target(partial(_in_file, "applications.toml", _applications), (_OWN,)),
        "styles": Target(partial(_in_file, "styles.toml", _styles), (_STYLE,)),
        "snippets": Target(_snippet, (b"{date:%Y-%m-%d} {time} {clipboard} {cursor}", b"{0.__class__} {date:%}")),
        "catalogue": Target(_catalogue, (_catalogue_text(),)),
        "history-jsonl": Target(partial(_in_file, "history.jsonl", _restored), (_json(history.json()),)),
        "history-csv": Target(partial(_in_file, "history.csv", _restored), (_table(),)),
        "audio": Target(partial(_in_file, "sound", audio_file.read), tuple(sound.values())),
        "deepgram": Target(partial(_problem, _deepgram), (_BATCH,)),
        "deepgram-live": Target(partial(_talk, partial(Results, "wss://example.org")), (_NOVA,)),
        "deepgram-flux": Target(partial(_talk, partial(Turns, "wss://example.org")), (_FLUX,)),
        "openai": Target(partial(_problem, _openai), (_json({"text": "one two", "languages": [{"code": "en"}]}),)),
        "openai-live": Target(partial(_talk, lambda: Items("wss://example.org", {"model": "m"})), (_ITEMS,)),
        "models-list": Target(listing, (_json({"data": [{"id": "a", "shutdown_date": "2027-01-01"}]}),)),
        "refusals": Target(_refusal, (b"3\n" + _json({"error": {"message": "No.", "code": "x"}}),)),
        "chat": Target(_chat, (_EVENT, b"<think>a</think> <dictation>b</dictation>")),
        "emotion": Target(_emotion, (_MOOD,)),
        "commands": Target(_command, (b'{"command": "start"}\n',)),
    }


def _catalogue_text() -> bytes:
    return (Path(catalogue.__file__).with_name("catalogue.toml")).read_bytes()[:3000]
