"""The cells of `input-method` in which the user types by an engine of IBus: it works before a dictation, after it,
after the app has quit, and after the app was killed while it committed a text.

A round is a window of its own. Each `check` types a word by real keys and compares what the window has; after each the
expectation begins anew at what is there, so that one failure is counted once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Any

from tests.conftest import Clip, sentences
from tests.prove.desk_cells import LOG_CHARACTERS, REST_S, ROW_S, dictate, landed, log_of, speak
from tests.prove.desk_kinds import DeskKind
from tests.prove.record import Line
from tests.support.desk import BUSY_S, until
from tests.support.desks.engines import EngineDesk, choose_engine, engine_of, type_keys
from tests.support.desks.gnome import GnomeDesk
from tests.support.desks.input_method import choose_input_method, is_off
from tests.support.desks.kde_ibus import KdeIBusDesk
from tests.support.desks.session import DesktopSession
from tests.support.desks.windows import DeskWindow
from tests.support.desks.x11 import X11Desk
from tests.support.ibus import LATIN
from tests.support.ibus_checks import LONG_TEXT, PINYIN, RESTORED_S, TABLE, UserEngine

ENGINES: Mapping[str, UserEngine] = {"libpinyin": PINYIN, "wubi": TABLE}

CELLS = tuple(f"{engine} {choice}" for engine in ENGINES for choice in ("always", "auto"))
"""With `always` Intone takes the engine's place for a moment; with `auto` it leaves it alone, and texts go by the
clipboard."""

CELLS_BY_DESK: Mapping[str, Sequence[str]] = {"gnome": (*CELLS, "libpinyin always qt"), "kde": CELLS, "x11": CELLS}
"""The last word is the kind of the window, gtk4 where there is none. On KDE and X11 Qt's windows get texts by the
clipboard."""

SNIPPET = 1, "young man"
"""The sentence whose words stand for a text so long that it is committed in parts, and those words."""

TYPED_S = 10.0
"""How long what was typed may take to be in the window; else some tenths of a second."""

GLANCE_S = 0.005
"""Between two looks whether a long text begins to come."""


def engines(desk: DesktopSession, kind: DeskKind, cell: str, seed: int, times: int) -> Line:
    """Type and dictate by turns with one engine and one choice, so many rounds."""
    assert isinstance(desk, GnomeDesk | KdeIBusDesk | X11Desk)
    name, choice, program = (*cell.split(), "gtk4")[:3]
    engine, logged = ENGINES[name], len(log_of(desk))
    assert desk.intone("vocabulary", "add", "--snippet", SNIPPET[1], LONG_TEXT).returncode == 0
    choose_engine(desk, engine.name)
    choose_input_method(desk, choice)
    rounds = [_round(desk, engine, program, seed, at, is_used=choice == "always") for at in range(times)]
    choose_engine(desk, LATIN)
    choose_input_method(desk, "auto")
    assert desk.intone("vocabulary", "remove", SNIPPET[1]).returncode == 0
    line = {"choice": choice, "rounds": rounds}
    is_good = judge_engines({cell: line})["ok"]
    return line if is_good else {**line, "log": log_of(desk)[logged:][-LOG_CHARACTERS:]}


@dataclass(slots=True)
class Typist:
    """The user with an engine at a window, and the checks of what was typed."""

    desk: EngineDesk
    window: DeskWindow
    engine: UserEngine
    checks: list[Line] = field(default_factory=list)

    def check(self, when: str) -> str:
        """Type a word once the engine is back, which is waited for so long, and note what came of it.

        Return what the window held before.
        """
        began, back_s = monotonic(), None
        with suppress(AssertionError):
            until(lambda: engine_of(self.desk) == self.engine.name, "the engine is back", RESTORED_S)
            back_s = round(monotonic() - began, 2)
        held = self.settled()
        type_keys(self.desk, self.engine.keys)
        with suppress(AssertionError):
            until(lambda: self.window.text() == held + self.engine.text, "it is typed", TYPED_S)
        typed = self.window.text()[len(held) :] if self.window.text().startswith(held) else self.window.text()
        check = {"when": when, "ok": back_s is not None and typed == self.engine.text, "back_s": back_s}
        if not check["ok"]:
            check |= {"keys": self.engine.keys, "expected": self.engine.text, "found": typed[-300:]}
            check |= {"composition": self.window.composition(), "engine": engine_of(self.desk)}
        self.checks.append(check)
        return held

    def settled(self) -> str:
        """What the window holds once nothing more comes."""
        seen = [self.window.text(), ""]
        while seen[-1] != seen[-2]:
            Event().wait(REST_S)
            seen.append(self.window.text())
        return seen[-1]


def _round(desk: EngineDesk, engine: UserEngine, program: str, seed: int, at: int, *, is_used: bool) -> Line:
    clips = [clip for number, clip in enumerate(sentences()) if number != SNIPPET[0]]
    half_clip, clip = (clips[(seed + 2 * at + number) % len(clips)] for number in (0, 1))
    _wait_in_force(desk, is_used=is_used)
    with desk.open(program) as window:
        typist = Typist(desk, window, engine)
        typist.check("before")
        half = _half_typed(desk, typist, half_clip)
        take = dictate(desk, window, clip)
        seen = window.text()
        Event().wait(REST_S)
        take["twice"] = window.text() != seen
        typist.check("after")
        desk.quit()
        typist.check("after quit")
        _start(desk, is_used=is_used)
        held = window.text()
        _kill_in_commit(desk, window)
        came = typist.check("after kill")[len(held) :]
    before = len(desk.history())
    _start(desk, is_used=is_used)
    with suppress(AssertionError):  # where the app was killed before it was kept, it is recovered now
        desk.wait_rows(before + 1, ROW_S)
    kill = {"came": len(came), "of": len(LONG_TEXT), "whole": LONG_TEXT in came}
    return {"checks": typist.checks, "half": half, "take": take, "kill": kill}


def _start(desk: EngineDesk, *, is_used: bool) -> None:
    desk.start()
    desk.wait_ready()
    _wait_in_force(desk, is_used=is_used)


def _wait_in_force(desk: EngineDesk, *, is_used: bool) -> None:
    """Wait until texts go in as the choice wants it."""

    def is_so() -> bool:
        status = desk.intone("status").stdout
        return bool(status) and is_off(status) != is_used

    until(is_so, lambda: f"the input method is {'' if is_used else 'not '}used", BUSY_S)


def _half_typed(desk: EngineDesk, typist: Typist, clip: Clip) -> Line:
    """Dictate while a word is half typed: what becomes of it and of the dictation.

    `kept`: it is there as it stood, and then the dictation. `left`: it is still being composed and goes on with the
    next key, and the dictation is there before it; or it is on the clipboard and a sentence says so, where the engine
    lets no paste's keys through meanwhile.
    """
    held, engine, window = typist.settled(), typist.engine, typist.window
    type_keys(desk, engine.half)
    with suppress(AssertionError):
        until(lambda: window.composition() == engine.half_text, "it is being composed", TYPED_S)
    composed = window.composition()
    take = dictate(desk, window, clip)
    found, left = typist.settled(), window.composition()
    half = {"composed": composed, "kept": landed(held + engine.half_text, found, take["text"]), "left": False}
    if left:
        type_keys(desk, " ")
        with suppress(AssertionError):
            until(lambda: window.text() == found + left, "the word is there", TYPED_S)
        is_copied = found == held and take["outcome"] == "copied" and bool(take["note"])
        has_gone_on = left == engine.half_text and typist.settled() == found + left
        half["left"] = has_gone_on and (is_copied or landed(held, found, take["text"]))
    half["outcome"] = take["outcome"]
    if not half["kept"]:
        half |= {"shown": left, "note": take["note"], "found": window.text()[len(held) :][-300:]}
    return half


def _kill_in_commit(desk: EngineDesk, window: DeskWindow) -> None:
    """Dictate the long text, and kill the app as soon as the window begins to have it."""
    assert desk.app is not None
    size = window.log.stat().st_size
    speak(desk, sentences()[SNIPPET[0]])
    deadline = monotonic() + BUSY_S
    while window.log.stat().st_size == size and monotonic() < deadline:
        Event().wait(GLANCE_S)
    desk.app.kill()
    desk.app.wait()


# -- the verdict --------------------------------------------------------------------------------------------------


def judge_engines(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Every word that was typed is there, every dictation once, and what was half typed stays as it stood."""
    found = {cell: _counts(line) for cell, line in lines.items()}
    checks = [(cell, check) for cell, line in lines.items() for one in line["rounds"] for check in one["checks"]]
    return {
        "cells": found,
        "failed": [{"cell": cell, **check} for cell, check in checks if not check["ok"]][:10],
        "ok": all(check["ok"] for _, check in checks)
        and all(_is_good_round(line["choice"], one) for line in lines.values() for one in line["rounds"]),
    }


def _counts(line: Line) -> dict[str, Any]:
    rounds = line["rounds"]
    checks = [check for one in rounds for check in one["checks"]]
    back_s = [check["back_s"] for check in checks if check["back_s"] is not None]
    return {
        "works": f"{sum(check['ok'] for check in checks)}/{len(checks)}",
        "back_s": max(back_s, default=None),
        "dictated_once": f"{sum(_is_once(one['take']) for one in rounds)}/{len(rounds)}",
        "half_kept": f"{sum(one['half']['kept'] for one in rounds)}/{len(rounds)}",
        "half_left": f"{sum(one['half']['left'] for one in rounds)}/{len(rounds)}",
        "killed_within": f"{sum(_is_within(one['kill']) for one in rounds)}/{len(rounds)}",
    }


def _is_once(take: Line) -> bool:
    return bool(take["landed"] and not take["twice"] and take["rows"] == 1 and not take["false"])


def _is_within(kill: Line) -> bool:
    """Whether the app was killed while its text came."""
    return bool(kill["came"]) and not kill["whole"]


def _is_good_round(choice: str, one: Line) -> bool:
    """Whether the words got there. With `always` the text comes in parts, and the kill is between two of them."""
    is_taken = choice == "always"
    is_half_good = one["half"]["kept"] or (one["half"]["left"] and not is_taken)
    is_killed = _is_within(one["kill"]) if is_taken else one["kill"]["came"] > 0
    return bool(_is_once(one["take"]) and is_half_good and is_killed)
