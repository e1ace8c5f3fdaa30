"""Ask all programs on the accessibility bus: whose window is active, and whether Chromium shows a password field.

Programs are asked at the same time, and which did not answer is remembered: one that hangs costs its time only once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import anyio

from desktop.platforms.linux.atspi import (
    ACCESSIBLE,
    ACTIVE,
    BUS_DAEMON,
    REGISTRY_ROOT,
    ROOT_PATH,
    AccessibilityTree,
    AccessibleAddress,
)

APPLICATION, CHROMIUM = "org.a11y.atspi.Application", "Chromium"

CHROMIUM_FILE = "chrome_100_percent.pak"
"""A file of each Chromium and Electron, in the folder of the program."""

PROGRAM_TIMEOUT_S, LIKELY_TIMEOUT_S = 0.1, 1.0
"""Seconds that one program may take to tell its windows, and the likely one whether it is active; it takes some ms."""

SLOW_PROGRAM_TIMEOUT_S = 0.4
"""The same for those that were silent, asked once more where no other has the active window."""

SILENT_TIMEOUT_S = 0.030
"""The same for those that are known to be silent."""

TOOLKIT_TIMEOUT_S, CHROMIUM_TIMEOUT_S = 1.0, 1.0
"""Seconds that a program may take to name its toolkit, which it is asked once, and Chromium to tell its focused fields,
each time."""

SILENCE_S = 300.0
"""Seconds for which a program is known to be silent. It ends earlier with the first answer in time."""


class SilentPrograms[K: Hashable]:
    """The programs, by their bus names or processes, that did not answer in the time they were given."""

    def __init__(self) -> None:
        self._until: dict[K, float] = {}

    def __contains__(self, program: K) -> bool:
        return self._until.get(program, 0.0) > monotonic()

    def add(self, program: K) -> None:
        """Remember that `program` did not answer."""
        self._until[program] = monotonic() + SILENCE_S

    def discard(self, program: K) -> None:
        """Forget it, since it has answered."""
        self._until.pop(program, None)


@dataclass(frozen=True, slots=True)
class ProgramMemory:
    """What is known of the programs on one bus, by their names there, of which none is given twice: their `toolkits`,
    who did not name one, and who did not tell its windows."""

    toolkits: dict[str, str] = field(default_factory=dict)
    without_toolkit: SilentPrograms[str] = field(default_factory=SilentPrograms)
    without_windows: SilentPrograms[str] = field(default_factory=SilentPrograms)


@dataclass(frozen=True, slots=True)
class AccessibleWindow:
    """A window, its title, and its program's name and process."""

    address: AccessibleAddress
    title: str
    program: str
    pid: int


class AccessiblePrograms:
    """The programs of `tree`, of which `memory` knows."""

    def __init__(self, tree: AccessibilityTree, memory: ProgramMemory) -> None:
        self._tree = tree
        self._memory = memory

    async def find_active_window(self, likely: AccessibleAddress | None = None) -> AccessibleWindow | None:
        """Return the window that says that it is active; None if none does, or more than one.

        `likely` is asked first, and is taken if it is.
        """
        if likely is not None and await self._keep_active([likely], likely[0], LIKELY_TIMEOUT_S):
            return await self._describe_window(likely)
        programs, active = await self._tree.list_children(REGISTRY_ROOT), list[AccessibleAddress]()
        silent = self._memory.without_windows
        for timeout_s in (PROGRAM_TIMEOUT_S, SLOW_PROGRAM_TIMEOUT_S):
            found = await asyncio.gather(*(self._find_active_windows(program, timeout_s) for program in programs))
            active += [window for windows in found for window in windows or ()]
            unanswered = [program for program, windows in zip(programs, found, strict=True) if windows is None]
            programs = [program for program in unanswered if program[0] not in silent]
            if active or not programs:
                break
        else:
            for name, _ in programs:
                silent.add(name)
        return await self._describe_window(active[0]) if len(active) == 1 else None

    async def learn_toolkits(self) -> list[AccessibleAddress]:
        """Have each program name its toolkit, unless it did before. Returns those of Chromium and Electron."""
        programs = await self._tree.list_children(REGISTRY_ROOT)
        await asyncio.gather(*(self._learn_toolkit(one) for one in programs if one[0] not in self._memory.toolkits))
        return [program for program in programs if self._memory.toolkits.get(program[0]) == CHROMIUM]

    async def find_chromium_passwords(self) -> list[bool | None]:
        """Return of each program of Chromium or Electron whether a password field has the focus in one of its windows;
        None if it does not answer in time.

        On Wayland none of their windows is marked active, and a field keeps its focus while another window has the
        keyboard: a text may be for this field.
        """
        return await asyncio.gather(*map(self._has_password_focus, await self.learn_toolkits()))

    async def _has_password_focus(self, program: AccessibleAddress) -> bool | None:
        with anyio.move_on_after(CHROMIUM_TIMEOUT_S):
            found = await self._tree.find_focus(await self._tree.list_children(program))
            return found is not None and found.is_password
        return None

    async def _learn_toolkit(self, program: AccessibleAddress) -> None:
        name, silent = program[0], self._memory.without_toolkit
        if is_chromium_process(await self._read_pid(name)):
            self._memory.toolkits[name] = CHROMIUM
            return
        with anyio.move_on_after(SILENT_TIMEOUT_S if name in silent else TOOLKIT_TIMEOUT_S):
            toolkit = await self._tree.read_property(program, APPLICATION, "ToolkitName", "s")
            if toolkit is not None:
                self._memory.toolkits[name] = toolkit
            return
        silent.add(name)

    async def _find_active_windows(
        self, program: AccessibleAddress, timeout_s: float
    ) -> list[AccessibleAddress] | None:
        """Return the active windows of a program; None if it does not answer in time."""
        with anyio.move_on_after(self._limit(program[0], timeout_s)):
            return await self._keep_active(await self._tree.list_children(program), program[0], timeout_s)
        return None

    async def _keep_active(
        self, windows: list[AccessibleAddress], program: str, timeout_s: float
    ) -> list[AccessibleAddress] | None:
        """Return the active ones of a program's windows; None if it does not answer in time."""
        with anyio.move_on_after(self._limit(program, timeout_s)):
            states = await self._tree.read_states(windows)
            self._memory.without_windows.discard(program)
            return [window for window, state in zip(windows, states, strict=True) if state & ACTIVE]
        return None

    def _limit(self, program: str, timeout_s: float) -> float:
        return min(timeout_s, SILENT_TIMEOUT_S) if program in self._memory.without_windows else timeout_s

    async def _describe_window(self, address: AccessibleAddress) -> AccessibleWindow:
        program = (address[0], ROOT_PATH)
        title, name, pid = await asyncio.gather(
            self._tree.read_property(address, ACCESSIBLE, "Name", "s"),
            self._tree.read_property(program, ACCESSIBLE, "Name", "s"),
            self._read_pid(address[0]),
        )
        return AccessibleWindow(address, title or "", name or "", pid)

    async def _read_pid(self, name: str) -> int:
        """Return the process of the program of this bus name; 0 if it is gone."""
        return await self._tree.call_for_value(BUS_DAEMON, BUS_DAEMON[0], "GetConnectionUnixProcessID", "u", name) or 0


def is_chromium_process(pid: int) -> bool:
    """Return whether the program has Chromium's file beside it: also one that is too busy to name its toolkit."""
    try:
        return (Path(f"/proc/{pid}/exe").readlink().parent / CHROMIUM_FILE).exists()
    except OSError:
        return False
