"""The clipboard in Windows: ten formats byte for byte the same after each paste into Notepad, and after a kill.

The formats are those of `tests.windows.test_paste`. A paste is the app's own paster in a process of its own. The kill
is Windows' (TerminateProcess), at a drawn moment after the paste's keys: the dictation is on the clipboard then, and
only the process that restores it knows what was there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from time import monotonic
from typing import Any

import numpy as np

from desktop.bench.metrics import percentile
from desktop.paste.outcome import READ_TIMEOUT_S
from tests.prove.record import Line
from tests.support.desk import stop
from tests.support.desks.wine import WineDesk, windows_path
from tests.support.windows_clipboard import put

TIMES, KILLS = 60, 20

A_NOTEPAD = 10
"""Pastes by one paster into one Notepad."""

LATEST_KILL_S = 0.2
"""A paste takes .2 s from its keys to the clipboard as it was."""

GIVEN_BACK_S = READ_TIMEOUT_S + 60
"""The clipboard is given back when no window can be about to read any more; and the machine may be busy."""


def measure(fresh_desk: Callable[[], Any], numbers: Sequence[int]) -> Iterator[tuple[int, Line]]:
    """Yield pastes, each with what differs afterwards."""
    with fresh_desk() as desk:
        for some in batched(numbers, A_NOTEPAD):
            notepad, texts = desk.open_notepad(), [f"Paste {number}, é and 你好. " for number in some]
            before = put(desk, desk.folder)
            results = paste(desk, texts)
            read = [] if desk.notepad_text() == "".join(texts) else ["not the texts in Notepad"]
            for number, result in zip(some, results, strict=True):
                wrong = [] if result["outcome"] == "inserted" else [f"it ends as {result['outcome']}"]
                differing = differences(before, result["clipboard"])
                yield number, {"took_s": result["took_s"], "wrong": [*wrong, *read, *differing]}
            stop(notepad)


def paste(desk: WineDesk, texts: Sequence[str], *options: str) -> list[dict[str, Any]]:
    """Paste into the window in front, by one paster; the results, none if it was killed."""
    file, told = desk.folder / "texts.json", desk.folder / "pasted.json"
    file.write_text(json.dumps(texts))
    told.unlink(missing_ok=True)
    desk.run(*desk.helper_command("pastes", told, windows_path(file), *options))
    results: list[dict[str, Any]] = json.loads(told.read_text()) if told.exists() else []
    return results


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The formats that are not on the clipboard as they were."""
    lost = [f"format {name} is lost" for name in before if name not in after]
    added = [f"format {name} is new" for name in after if name not in before]
    return lost + added + [f"format {name} differs" for name in before if after.get(name, data := before[name]) != data]


def judge(lines: Sequence[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    wrong = [f"{line['key']}: {why}" for line in lines for why in line["wrong"]]
    took_ms = [1000 * line["took_s"] for line in lines]
    return {
        "pastes": len(lines),
        "good": sum(not line["wrong"] for line in lines),
        "took_ms": {f"p{of}": percentile(took_ms, of) for of in (50, 95)},
        "wrong": wrong[:20],
        "ok": not wrong,
    }


def kill_after_s(number: int) -> float:
    """When the paster is killed, in seconds from the paste's keys on."""
    return float(np.random.default_rng(number).uniform(0, LATEST_KILL_S))


def measure_kills(fresh_desk: Callable[[], Any], numbers: Sequence[int]) -> Iterator[tuple[int, Line]]:
    """Yield kills, each with what differs once the clipboard has been given back."""
    with fresh_desk() as desk:
        desk.open_notepad()
        before, stood = put(desk, desk.folder), ""
        for number in numbers:
            after_s, text = kill_after_s(number), f"Kill {number}. "
            results = paste(desk, [text], str(after_s))
            began, after = monotonic(), desk.helper("clipboard", "read")
            while after != before and monotonic() < began + GIVEN_BACK_S:
                after = desk.helper("clipboard", "read")
            back_s = round(monotonic() - began, 1)
            stands = desk.notepad_text()
            wrong = differences(before, after)
            if stands not in (stood, stood + text):
                wrong.append(f"in Notepad stands {stands[len(stood) :]!r}")
            state = "ended before" if results else "no text" if stands == stood else "text there"
            yield number, {"after_s": round(after_s, 3), "state": state, "back_s": back_s, "wrong": wrong}
            before, stood = put(desk, desk.folder) if wrong else before, stands


def judge_kills(lines: Sequence[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    wrong = [f"{line['key']} ({line['after_s']} s): {why}" for line in lines for why in line["wrong"]]
    return {
        "kills": len(lines),
        "good": sum(not line["wrong"] for line in lines),
        "states": Counter(line["state"] for line in lines),
        "back_s": percentile([line["back_s"] for line in lines], 100),
        "wrong": wrong[:20],
        "ok": not wrong,
    }
