"""Programs that read the clipboard because it changed, each in a process of its own, with a text field or without.

`python -m tests.support.change_readers DISPLAY NAME PATH [field]` runs one. What its field holds is in the file at
PATH: the texts that Ctrl+V put there and a newline for each Return; another has their times.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from select import select
from time import monotonic
from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xfixes

from tests.support.x_clients import PATIENCE_S, program


@dataclass(frozen=True, slots=True)
class Habit:
    """How a program reads: `delays_s` after each change, once for each; `restarts`, only after the last of several.

    `anew`: once more where the text is new. `targets`: of what it asks for, in order. `own_window`: from a new window
    each time. `apart`: over a second connection. `every_s`: also without a change, so often. `field_s`: after how long
    its field reads.
    """

    delays_s: tuple[float, ...] = (0.0,)
    restarts: bool = False
    anew: bool = False
    targets: tuple[str, ...] = ("UTF8_STRING",)
    own_window: bool = False
    apart: bool = False
    every_s: float = 0.0
    field_s: float = 0.0


HABITS = {
    "at-once": Habit(),
    "after-5-ms": Habit((0.005,)),
    "after-20-ms": Habit((0.02,)),
    "after-50-ms": Habit((0.05,)),
    "twice": Habit((0.0, 0.02)),
    "anew": Habit((0.005,), anew=True),
    "formats": Habit(targets=("TARGETS", "UTF8_STRING", "text/plain", "STRING")),
    "debounced": Habit((0.04,), restarts=True),
    "apart": Habit((0.002,), apart=True),
    "own-window": Habit((0.01,), own_window=True),
    "looking": Habit(targets=("TARGETS", "TIMESTAMP")),
    "slow-field": Habit((0.005,), field_s=0.7),
    "polling": Habit((), every_s=0.03),
}
"""The programs. "looking" reads no data because of a change, and "polling" reads whether there was one or not."""

OTHERS = {"plain": Habit(()), "polling-slowly": Habit((), every_s=0.3)}
"""Programs that read nothing because of a change: one has to be known before its reads prove nothing."""

TELLING = [name for name in HABITS if name != "polling"]
"""Those whose reads for a paste can be told from the others."""


class Watcher:
    """A connection that reads the clipboard; `heard` is given all but the answers to what it asks for."""

    def __init__(self, display: str) -> None:
        self.display: Any = Display(display)
        self._waiting: deque[Any] = deque()
        self.window = self._made()
        self.display.sync()

    def _made(self) -> Any:
        return self.display.screen().root.create_window(0, 0, 300, 100, 0, 24, event_mask=X.KeyPressMask)

    def watch(self) -> None:
        """Hear of it when a program takes the clipboard."""
        self.display.xfixes_query_version()
        clipboard = self.display.get_atom("CLIPBOARD")
        self.display.xfixes_select_selection_input(self.window, clipboard, xfixes.XFixesSetSelectionOwnerNotifyMask)
        self.display.sync()

    def changed(self, event: Any) -> bool:
        """Whether `event` tells of a change."""
        taken = self.display.extension_event.SetSelectionOwnerNotify
        return bool((event.type, getattr(event, "sub_code", None)) == taken)

    def events(self) -> Iterator[Any]:
        """What has come."""
        while self._waiting or self.display.pending_events():
            yield self._waiting.popleft() if self._waiting else self.display.next_event()

    def read(self, target: str, *, own_window: bool = False) -> str:
        """The clipboard's text, where that is what `target` gives; empty where it is refused."""
        window = self._made() if own_window else self.window
        clipboard, into = self.display.get_atom("CLIPBOARD"), self.display.get_atom("ANSWER")
        window.convert_selection(clipboard, self.display.get_atom(target), into, X.CurrentTime)
        deadline = monotonic() + PATIENCE_S
        while monotonic() < deadline:
            self.display.sync()
            while self.display.pending_events():
                event = self.display.next_event()
                if event.type == X.SelectionNotify:
                    found = window.get_full_property(into, X.AnyPropertyType) if event.property else None
                    if own_window:
                        window.destroy()
                    return bytes(found.value).decode() if found is not None and found.format == 8 else ""
                self._waiting.append(event)
            select([self.display.fileno()], [], [], 0.1)
        return ""


class ChangeReader:
    """The program: a window, and what it does at a change and at a key."""

    def __init__(self, display: str, name: str, path: Path, *, field: bool) -> None:
        self._habit = {**HABITS, **OTHERS}[name]
        self._path = path
        self._field = field
        self._main = Watcher(display)
        self._watcher = Watcher(display) if self._habit.apart else self._main
        self._watcher.watch()
        self._v = self._main.display.keysym_to_keycode(0x76)
        self._return = self._main.display.keysym_to_keycode(0xFF0D)
        self._due: list[float] = [monotonic()] if self._habit.every_s else []
        self._pasting: list[float] = []
        self._known = ""
        path.write_text("")
        window = self._main.window
        window.set_wm_name(f"reads-{name}")
        window.set_wm_class("reads", "Reads")
        window.map()
        self._main.display.sync()

    def serve(self) -> None:
        """Until it is killed."""
        watchers = {self._main, self._watcher}
        while True:
            now = monotonic()
            for at in [at for at in self._due if at <= now]:
                self._due.remove(at)
                self._look()
            for at in [at for at in self._pasting if at <= now]:
                self._pasting.remove(at)
                self._write(self._main.read("UTF8_STRING"))
            for watcher in watchers:
                for event in watcher.events():
                    self._hear(watcher, event)
            if not any(watcher.display.pending_events() for watcher in watchers):
                next_at = min([*self._due, *self._pasting], default=None)
                left = None if next_at is None else max(0.0, next_at - monotonic())
                select([watcher.display.fileno() for watcher in watchers], [], [], left)

    def _look(self) -> None:
        """Read because of a change, or by the clock."""
        if self._habit.every_s:
            self._due.append(monotonic() + self._habit.every_s)
        for target in self._habit.targets:
            text = self._watcher.read(target, own_window=self._habit.own_window)
        if self._habit.anew and text != self._known:
            self._known = self._watcher.read(self._habit.targets[-1])

    def _hear(self, watcher: Watcher, event: Any) -> None:
        if watcher.changed(event):
            now = monotonic()
            due = [now + delay_s for delay_s in self._habit.delays_s]
            self._due = due if self._habit.restarts else [*self._due, *due]
        elif event.type == X.KeyPress and self._field:
            if event.detail == self._v and event.state & X.ControlMask:
                self._pasting.append(monotonic() + self._habit.field_s)
            elif event.detail == self._return:
                self._write("\n")

    def _write(self, text: str) -> None:
        now = monotonic()
        with self._path.open("a") as file:
            file.write(text)
        with times(self._path).open("a") as file:
            file.write(f"{now} {text}\n")


def times(path: Path) -> Path:
    """The file that has when (monotonic) each text came into the field whose file is at `path`."""
    return path.with_suffix(".times")


@contextmanager
def change_reader(display: str, name: str, path: Path, *, field: bool) -> Iterator[int]:
    """The program until the block ends; gives its window, with the focus."""
    command = [sys.executable, "-m", "tests.support.change_readers", display, name, str(path), *["field"] * field]
    with program(display, f"reads-{name}", *command) as window:
        yield window


if __name__ == "__main__":
    ChangeReader(sys.argv[1], sys.argv[2], Path(sys.argv[3]), field=len(sys.argv) > 4).serve()
