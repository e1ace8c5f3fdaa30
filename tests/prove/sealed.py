"""What encryption at rest costs: each thing in the clear and encrypted, by turns in one run, and their ratio.

The same history twice, one of them converted, which is timed too: a row added, the newest fifty rows for a query, a
history opened. A recording of 30 s kept and read, a frame written.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import keyring
import numpy as np

from desktop.audio import file as audio_file
from desktop.audio.spool import Spool
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, RATE_HZ
from desktop.encryption import keyring as encryption_keyring
from desktop.encryption.cipher import EncryptionKey
from desktop.history import encryption
from desktop.history.recorder import DictationRecorder
from desktop.history.store import HistoryStore
from tests.prove.history import Made, fill_older
from tests.prove.record import Run, tell
from tests.support.encrypted_home import everywhere
from tests.support.keyring import InFile

ROWS = 100_000

QUERIES, ADDED, OPENED, KEPT = 200, 200, 200, 20

BAR = 4.0
"""Times as long, for anything that a person waits for; and never more than `BAR_MS` more."""

BAR_MS = 20.0

type Pair = tuple[Callable[[], object], Callable[[], object]]


def prove(run: Run) -> dict[str, Any]:
    """Over `run.limit` rows."""
    rows = run.upto(ROWS)
    with tempfile.TemporaryDirectory(prefix="intone-sealed-") as folder:
        os.environ["INTONE_TEST_KEYRING"] = str(Path(folder) / "keyring.json")
        keyring.set_keyring(InFile())
        clear, sealed = everywhere(Path(folder) / "clear"), everywhere(Path(folder) / "sealed")
        made = Made(run.seed)
        for home in (clear, sealed):
            home.data.mkdir(parents=True)
        tell(f"{rows} rows are made")
        fill_older(clear.history, made, rows)
        histories = HistoryStore(clear.history), HistoryStore(sealed.history)
        histories[0].last()  # brought up to date
        shutil.copyfile(clear.history, sealed.history)
        converted_s = timed(lambda: turn(sealed, on=True)) / 1000
        tell(f"converted in {converted_s:.1f} s")
        costs = {name: cost(*each) for name, each in asked(histories, made, rows).items()}
        costs |= sounds(Path(folder), encryption_keyring.LOADED_KEYS.create())
        back_s = timed(lambda: turn(sealed, on=False)) / 1000
        waited = ("search", "add_a_row", "open", "keep_30_s", "read_30_s")
        return {
            "rows": rows,
            "encrypted_in_s": round(converted_s, 1),
            "decrypted_in_s": round(back_s, 1),
            **costs,
            "ok": all(costs[name]["ratio"] < BAR or costs[name]["more_ms"] < BAR_MS for name in waited),
        }


def asked(histories: tuple[HistoryStore, HistoryStore], made: Made, rows: int) -> dict[str, list[Pair]]:
    """What is asked of both, by what it is."""
    clear, sealed = histories
    queries = [made.query() for _ in range(QUERIES)]
    entries = [made.entry(rows + at) for at in range(ADDED)]
    return {
        "search": [(lambda q=q: clear.search(q), lambda q=q: sealed.search(q)) for q in queries],  # type: ignore[misc]
        "add_a_row": [(lambda e=e: clear.add(e), lambda e=e: sealed.add(e)) for e in entries],  # type: ignore[misc]
        "open": [(lambda: clear.get(1), lambda: sealed.get(1))] * OPENED,
    }


def sounds(folder: Path, key: EncryptionKey) -> dict[str, dict[str, float]]:
    """Of recordings, and of what is being said."""
    said = np.random.default_rng(1).normal(0, 0.05, 30 * RATE_HZ).astype(np.float32)
    frames = [said[begin : begin + FRAME_SAMPLES] for begin in range(0, len(said), FRAME_SAMPLES)]
    spools = Spool(folder / "a"), Spool(folder / "b", lambda: key)
    now = datetime.now(UTC)
    with spools[0].create(now) as clear, spools[1].create(now) as sealed:
        found = {
            "frame": cost(*((lambda f=f: clear.write(f), lambda f=f: sealed.write(f)) for f in frames))  # type: ignore[misc]
        }
    one, other = folder / "one.flac", folder / "other.flac"
    found["keep_30_s"] = cost(*[(lambda: clear.save_flac(one), lambda: sealed.save_flac(other, key))] * KEPT)
    found["read_30_s"] = cost(*[(lambda: audio_file.read_audio(one), lambda: audio_file.read_audio(other))] * KEPT)
    return found


def cost(*pairs: Pair) -> dict[str, float]:
    """The median of each, in milliseconds, by turns; how much more the second takes, and how many times as long."""
    took = [(timed(clear), timed(sealed)) for clear, sealed in pairs]
    clear_ms, sealed_ms = median(ms for ms, _ in took), median(ms for _, ms in took)
    return {
        "clear_ms": round(clear_ms, 3),
        "sealed_ms": round(sealed_ms, 3),
        "more_ms": round(sealed_ms - clear_ms, 3),
        "ratio": round(sealed_ms / clear_ms, 2),
    }


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def turn(home: Paths, on: bool) -> None:
    """Have all of it encrypted, or not."""
    encryption.apply_encryption(home, lambda: on, DictationRecorder(home, HistoryStore(home.history)).spool)
