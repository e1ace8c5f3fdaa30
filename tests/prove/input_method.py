"""The input method as the first way into a field, on real desktops: the table of bars of its issue.

How it is measured, cell by cell, is in `tests.prove.desk_table`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from desktop.bench.metrics import percentile
from tests.prove import input_method_cells as cells
from tests.prove import input_method_engines, live_words
from tests.prove.desk_cells import FIELDS
from tests.prove.desk_kinds import DESKS, LETTER_A, DeskKind
from tests.prove.desk_table import Part, Table, prove_table
from tests.prove.desks import counts_of
from tests.prove.record import Line, Run
from tests.support.desks import kde_ibus, x11

COMMIT_P95_MS = 60.0
"""From the moment when the text is known to its commit."""

INSERTED_PERCENT = 95.0
"""The least share of dictations into fields that are no terminals whose arrival is proven."""

COLUMNS: Mapping[str, DeskKind] = {
    "gnome": DESKS["gnome"],
    "kde": replace(DESKS["kde"], desk=kde_ibus.KdeIBusDesk, missing=kde_ibus.missing, untold=("qt", "chromium")),
    "sway": DESKS["sway"],
    "labwc": DESKS["labwc"],
    "x11": DeskKind(
        desk=x11.X11Desk,
        missing=x11.missing,
        terminal="xterm",
        compositor="Xvfb",
        press_a=lambda desk: desk.tap(LETTER_A + 8),
        faults=(),
        untold=("chromium",),
    ),
}
"""GNOME, KDE and X11 have IBus, the two of wlroots a protocol of their own."""


def prove(run: Run) -> dict[str, Any]:
    """Go through the desktops; `run.limit` is how often each thing is done."""
    return prove_table(run, TABLE)


def judge_windows(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Each text once, whole and in order, soon, with proof where there can be one, and the clipboard untouched."""
    takes = [take for line in lines.values() for take in line["takes"]]
    first_rung = {cell: line for cell, line in lines.items() if line["first_rung"]}
    provable = [take["outcome"] for line in first_rung.values() if not line["terminal"] for take in line["takes"]]
    inserted = 100 * provable.count("inserted") / max(len(provable), 1)
    commit_ms = [ms for line in lines.values() for ms in line["commit_ms"]]
    counts, p95 = counts_of(takes), percentile(commit_ms, 95)
    by_commit = {cell: f"{len(line['commit_ms'])}/{len(line['takes'])}" for cell, line in lines.items()}
    untouched = {cell: line["clipboard_untouched"] for cell, line in first_rung.items()}
    return {
        **counts,
        "committed": by_commit,
        "outcomes_by_window": {
            cell: Counter(take["outcome"] for take in line["takes"]) for cell, line in lines.items()
        },
        "commit_ms": {"p50": percentile(commit_ms, 50), "p95": p95},
        "text_ms": {
            cell: percentile([take["text_ms"] for take in line["takes"] if take["text_ms"] is not None], 50)
            for cell, line in lines.items()
        },
        "inserted_percent": round(inserted, 1),
        "clipboard_untouched": untouched,
        "ok": counts["landed"] == counts["dictations"]
        and len(commit_ms) == sum(len(line["takes"]) for line in first_rung.values())
        and not counts["false"]
        and not any(take["twice"] or take["rows"] > 1 for take in takes)
        and all(untouched.values())
        and inserted >= INSERTED_PERCENT
        and p95 is not None
        and p95 <= COMMIT_P95_MS,
    }


def judge_passwords(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Nothing in any field, nor its words in the history, and each dictation refused.

    `untold` are the fields of which neither IBus nor the desktop, its accessibility off, tells that they are such.
    """
    found = {
        cell: {
            "in_field": sum(take["in_field"] > 0 for take in line["takes"]),
            "in_history": sum(bool(take["text"]) for take in line["takes"]),
            "outcomes": Counter(take["outcome"] for take in line["takes"]),
        }
        for cell, line in lines.items()
    }
    takes = [take for line in lines.values() if not line["untold"] for take in line["takes"]]
    return {
        "cells": found,
        "untold": [cell for cell, line in lines.items() if line["untold"]],
        "ok": not any(take["in_field"] or take["text"] or take["outcome"] != "refused" for take in takes),
    }


def judge_undo(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Exact, or refused with the field as it was."""
    takes = [take for line in lines.values() for take in line["takes"]]
    good = [cells.is_exact_or_refused(take) for take in takes]
    return {
        "done": {
            cell: f"{sum(take['done'] for take in line['takes'])}/{len(line['takes'])}" for cell, line in lines.items()
        },
        "exact_or_refused": f"{sum(good)}/{len(good)}",
        "wrong": [take for take, is_good in zip(takes, good, strict=True) if not is_good][:3],
        "ok": all(good),
    }


def _engine_cells(kind: DeskKind) -> Sequence[str]:
    """The engines, where the desktop has IBus."""
    return next((cells for desk, cells in input_method_engines.CELLS_BY_DESK.items() if COLUMNS[desk] is kind), ())


def judge_live(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Words in the field, where they may be; then the text once in its place, or the field as it was."""
    takes = [take for line in lines.values() if not line.get("silent") for take in line["takes"]]
    silent = {cell: line["takes"][0] for cell, line in lines.items() if line.get("silent")}
    released = [take for take in takes if take["ending"] == live_words.RELEASE]
    return {
        "windows": {
            cell: {
                "good": f"{sum(map(live_words.is_good, line['takes']))}/{len(line['takes'])}",
                "outcomes": Counter(take["outcome"] for take in line["takes"]),
                "composed_frames": f"{sum(take['composed'] for take in line['takes'])}"
                f"/{sum(take['frames'] for take in line['takes'])}",
                "shown_at_the_end": sum(take["shown"] for take in line["takes"]),
                "longest": max(take["longest"] for take in line["takes"]),
            }
            for cell, line in lines.items()
            if not line.get("silent")
        },
        "updates": sum(take["updates"] for take in released),
        "rewrites": sum(take["rewrites"] for take in released),
        "flickers": sum(take["flickers"] for take in released),
        "between_ms": percentile([take["between_ms"] for take in released if take["between_ms"] is not None], 95),
        "silent": {cell: live_words.is_good_without_words(take) for cell, take in silent.items()},
        "ok": all(map(live_words.is_good, takes)) and all(map(live_words.is_good_without_words, silent.values())),
    }


TABLE = Table(
    COLUMNS,
    {
        "windows": Part(lambda kind: [*FIELDS, kind.terminal], 10, cells.windows, judge_windows),
        "passwords": Part(lambda kind: FIELDS, 10, cells.passwords, judge_passwords),
        "undo": Part(lambda kind: FIELDS, 12, cells.undo, judge_undo),
        "engines": Part(_engine_cells, 5, input_method_engines.engines, input_method_engines.judge_engines),
        "live": Part(lambda kind: [*FIELDS, kind.terminal, live_words.PASSWORD], 10, live_words.live, judge_live),
    },
    "auto",
)
