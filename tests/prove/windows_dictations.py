"""Dictations into Notepad, WordPad, a Qt editor and an edit control: each once, in order and whole, its outcome true.

Four in five get their words from a server on this machine, by TLS and HTTP/2 as from a service: a short text, other
scripts, several lines, and 20 kB, which are to arrive to the letter. One in five is heard by Whisper. `inserted` is
said only after a receipt, so it also says that the window has taken the text from the clipboard; WordPad and Qt do so
by OLE, without naming a window.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from desktop.bench.metrics import percentile
from desktop.core.types import Audio
from tests.prove.record import MODELS, Line
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import serve
from tests.support.desk import BUSY_S, stop, until
from tests.support.desks.wine import WineDesk
from tests.support.hands import said

TIMES = 100

WINDOWS = ("notepad", "wordpad", "qt", "edit")

WORDPAD = r"C:\Program Files\Windows NT\Accessories\wordpad.exe"

WHISPER = "whisper"

TEXTS = {
    "short": "Number {number} is a sentence.",
    "scripts": "Nummer {number}: „Größe“ – naïve café, 你好，世界！ これは文です。 Здравствуй 😀👍🏽.",
    "lines": "Number {number} begins.\r\nIt has a second line.\r\n\r\nAnd a last one.",
    "long": "Number {number} is long. " + "It goes on and on, as minutes do, é and ü. " * 455,
}
"""By kind, what the server hears; the last has 20 kB."""

KINDS = (*TEXTS, WHISPER)

MODEL = "tiny.en"

MISHEARD = 0.5
"""So many words may be wrong: a small model, half a sentence, and a busy machine that loses sound."""

KEY = "sk-windows-0123456789"

STARTED_S, ENDED_S = 300.0, 240.0


def cell(number: int) -> tuple[str, str]:
    """The window and the kind of a dictation."""
    return WINDOWS[number % len(WINDOWS)], KINDS[number // len(WINDOWS) % len(KINDS)]


class Told:
    """`Words` with a way to set what they hear next."""

    def __init__(self) -> None:
        self.text = ""

    async def hear(self, audio: Audio) -> str:
        """The text."""
        return self.text

    guess = hear

    def cut(self, audio: Audio) -> tuple[int, bool] | None:
        """No phrase ends before the audio does."""
        return None


class Dictating:
    """The app at `desk`, heard by Whisper or by a server beside it; entered once."""

    def __init__(self, desk: WineDesk, is_whisper: bool) -> None:
        self.desk = desk
        self._is_whisper = is_whisper
        self.words = Told()
        self.server = OpenAI(self.words, key=KEY)
        self.clips = said(desk.folder)
        self._stack = ExitStack()

    def __enter__(self) -> Dictating:
        desk = self.desk
        engine = "whisper" if self._is_whisper else "openai"
        if self._is_whisper:  # where there is a model, it listens along
            (desk.home / "models").symlink_to(MODELS)
        with ExitStack() as stack:
            served = stack.enter_context(serve(self.server))
            desk.environ |= {"SSL_CERT_FILE": served.environ["SSL_CERT_FILE"], "OPENAI_API_KEY": KEY}
            settings = f'[recognizer]\nengine = "{engine}"\nmodel = "{MODEL}"\n[polish]\nmode = "off"\n'
            (desk.home / "settings.toml").write_text(settings + f'[engines.openai]\nurl = "{served.url}"\n')
            desk.start()
            desk.wait_ready(STARTED_S)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.intone("quit")
        self._stack.close()

    def speak(self, clip: Path) -> dict[str, Any]:
        """Say something into the window in front; the row of it."""
        before = len(self.desk.history())
        self.desk.dictate(clip)
        return self.desk.wait_rows(before + 1, ENDED_S)[0]


def measure(fresh_desk: Callable[[], Any], numbers: Sequence[int]) -> Iterator[tuple[int, Line]]:
    """Yield the dictations of those numbers, window by window, first those that the server hears."""
    for is_whisper in (False, True):
        some = [number for number in numbers if (cell(number)[1] == WHISPER) is is_whisper]
        if not some:
            continue
        with fresh_desk() as desk, Dictating(desk, is_whisper) as app:
            for window, of_it in groupby(sorted(some, key=lambda number: number % len(WINDOWS)), lambda n: cell(n)[0]):
                yield from _into_window(app, window, list(of_it))


def _into_window(app: Dictating, window: str, numbers: Sequence[int]) -> Iterator[tuple[int, Line]]:
    process, text = open_editor(app.desk, window)
    for number in numbers:
        _, kind = cell(number)
        clip = app.clips[number % len(app.clips)]
        app.words.text = TEXTS.get(kind, "").format(number=number)
        before, asked = text(), len(app.server.asked)
        row = app.speak(clip)
        expected = unbroken(row["text"]).strip()
        times = _count(before, expected) + 1  # what is heard may be what was heard before
        with suppress(AssertionError):
            until(lambda t=expected, n=times: _count(text(), t) >= n, "the text stands there", BUSY_S)
        after = text()
        line = {
            "window": window,
            "kind": kind,
            "delivery": row["delivery"],
            "note": row["note"],
            "late_ms": row["release_to_text_ms"],
            "http": [one.http for one in app.server.asked[asked:]],
            "characters": len(row["text"]),
        }
        heard = app.words.text or None
        found = wrong(before, after, row["text"], row["delivery"], heard)
        stands = {"before": before[-200:], "after": after[-400:], "text": row["text"][:200]} if found else {}
        yield number, {**line, **stands, "wrong": found}
    stop(process)


def open_editor(desk: WineDesk, window: str) -> tuple[Any, Callable[[], str]]:
    """One of `WINDOWS` in front, and what gives its text."""
    if window in ("notepad", "wordpad"):
        process = desk.open_notepad() if window == "notepad" else desk.open_window("Wordpad", WORDPAD)
        return process, lambda: str(desk.helper("focused")["text"])
    file = desk.folder / f"{window}.txt"
    file.unlink(missing_ok=True)
    module = "tests.support.qt_editor" if window == "qt" else "tests.support.windows.edit_window"
    process = desk.open_python(module, file, f"an editor of {window}")
    return process, lambda: file.read_bytes().decode() if file.exists() else ""


def unbroken(text: str) -> str:
    """`text` with one kind of line's end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _count(field: str, text: str) -> int:
    """How often `text` stands in a field, as a beginning or going on in lower case after words without an end."""
    return sum(unbroken(field).count(way) for way in _ways(text))


def _ways(text: str) -> set[str]:
    return {text, text[:1].lower() + text[1:]}


def wrong(before: str, after: str, text: str, delivery: str, heard: str | None) -> list[str]:
    """What is wrong with a dictation that the history has as `text`, when the window's text was `before` and is
    `after`, and the server has `heard` something."""
    found = []
    before, after, text = unbroken(before), unbroken(after), unbroken(text).strip()
    new = after.removeprefix(before)
    if not after.startswith(before):
        found.append("what stood there has changed")
    elif text and _count(new, text) > 1:
        found.append("twice")
    elif delivery == "inserted" and new.strip() not in _ways(text):
        found.append("it says inserted, and the text is not there")
    elif new.strip() not in (*_ways(text), ""):
        found.append("another text")
    if not text:
        found.append("no words")
    if delivery != "inserted":
        found.append(f"it ends as {delivery}")
    if heard is not None and " ".join(text.split()) != " ".join(heard.split()):
        found.append("not what the server has heard")
    return found


def judge(lines: Sequence[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    late_ms = [line["late_ms"] for line in lines if line["late_ms"] is not None]
    bad = [f"{line['key']} ({line['window']}, {line['kind']}): {why}" for line in lines for why in line["wrong"]]
    return {
        "dictations": len(lines),
        "good": sum(not line["wrong"] for line in lines),
        "windows": Counter(line["window"] for line in lines if not line["wrong"]),
        "kinds": Counter(line["kind"] for line in lines if not line["wrong"]),
        "http": Counter(version for line in lines for version in line["http"]),
        "late_ms": {f"p{of}": percentile(late_ms, of) for of in (50, 95)},
        "wrong": bad[:20],
        "ok": not bad,
    }
