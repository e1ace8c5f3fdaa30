"""The app in Windows, as Wine has it: dictations, clipboard, keys, passwords, losses, start and speed, part by part.

Python is python.org's for Windows, on the desk of `make windows-desk`; what Wine cannot show is in docs/testing.md.
A part says how often it is done, does the numbers that are not known yet, on a desk of its own, and judges all of them.
`--part` chooses one; `--limit` is how often each is done. Times are those of this machine under Wine, and say nothing
of Windows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.prove import (
    windows_clipboard,
    windows_dictations,
    windows_keys,
    windows_losses,
    windows_passwords,
    windows_release,
    windows_start,
)
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import Absent
from tests.support.desks.wine import WineDesk, missing

type Measure = Callable[[Callable[[], Any], Sequence[int]], Iterator[tuple[int, Line]]]


@dataclass(frozen=True, slots=True)
class Part:
    """How often it is done; what yields each number with its result, on desks that the first argument makes; and its
    verdict, with `ok`."""

    times: int
    measure: Measure
    judge: Callable[[Sequence[Line]], dict[str, Any]]


PARTS: Mapping[str, Part] = {
    "dictations": Part(windows_dictations.TIMES, windows_dictations.measure, windows_dictations.judge),
    "clipboard": Part(windows_clipboard.TIMES, windows_clipboard.measure, windows_clipboard.judge),
    "clipboard-kills": Part(windows_clipboard.KILLS, windows_clipboard.measure_kills, windows_clipboard.judge_kills),
    "keys": Part(windows_keys.TIMES, windows_keys.measure, windows_keys.judge),
    "passwords": Part(windows_passwords.TIMES, windows_passwords.measure, windows_passwords.judge),
    "losses": Part(windows_losses.TIMES, windows_losses.measure, windows_losses.judge),
    "start": Part(windows_start.TIMES, windows_start.measure, windows_start.judge),
    "release": Part(windows_release.TIMES, windows_release.measure, windows_release.judge),
}


@contextmanager
def fresh_desk() -> Iterator[WineDesk]:
    """A desk in a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="intone-windows-", ignore_cleanup_errors=True) as folder,
        WineDesk(Path(folder)) as desk,
    ):
        yield desk


def prove(run: Run) -> dict[str, Any]:
    """All parts, or the one asked for."""
    if run.part and run.part not in PARTS:
        raise SystemExit(f"{run.part}: not one of {', '.join(PARTS)}")
    if lacks := missing():
        raise Absent(f"no Windows here, for want of {', '.join(lacks)}")
    found: dict[str, Any] = {}
    for name, part in PARTS.items():
        if run.part in ("", name):
            wanted = range(run.upto(part.times))
            unknown = [number for number in wanted if f"{name} {number}" not in run.lines]
            for number, line in part.measure(fresh_desk, unknown) if unknown else ():
                run.lines.add(f"{name} {number}", line)
                tell(f"windows: {name} {number}: {'; '.join(line.get('wrong', ())) or 'good'}")
            found[name] = part.judge([run.lines[f"{name} {number}"] for number in wanted])
    return {**found, "ok": all(part["ok"] for part in found.values())}
