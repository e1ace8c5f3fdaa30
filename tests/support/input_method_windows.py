"""Windows with one field, of every toolkit, for an input method of a Wayland desk; each logs what its field holds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic

import anyio
import numpy as np
from anyio import to_thread

from desktop.paste.input_method.interface import InputContext, SurroundingText
from desktop.paste.input_method.receipt import is_inserted
from desktop.paste.input_method.wayland import WaylandInputMethod
from tests.support.desk import ROOT, until
from tests.support.desks.windows import (
    PROGRAMS,
    SYSTEM_PYTHON,
    DeskWindow,
    browser_command,
    served_pages,
)
from tests.support.wayland_desk import WaylandDesk

TOOLKITS = ("gtk4", "gtk3", "qt", "chromium")
"""Those that tell what their fields hold; a terminal does not."""

CARET_BYTES = 600
"""How much of a picture a blinking cursor changes at most; a word changes more."""

STILL_S = 1.0
"""On a busy machine a window that has just come may draw nothing for some tenths of a second and then go on."""

PATIENCE_S = 10.0
"""How long a program may take that others run beside."""


@contextmanager
def open_field(desk: WaylandDesk, folder: Path, kind: str, field: str = "text") -> Iterator[DeskWindow]:
    """A window of a toolkit, or of foot, with the focus in its `field`, text or password."""
    title = f"{kind}-{field}"
    log, programs = folder / f"{title}.jsonl", ROOT / PROGRAMS
    log.touch()
    with served_pages({title: log}) as pages:
        commands = {
            "gtk4": [SYSTEM_PYTHON, str(programs / "gtk_window.py"), "4.0", field, title, str(log)],
            "gtk3": [SYSTEM_PYTHON, str(programs / "gtk_window.py"), "3.0", field, title, str(log)],
            "qt": [sys.executable, str(programs / "qt_window.py"), field, title, str(log)],
            "chromium": browser_command(f"{pages}/{field}/{title}", folder / f"{title}-data", "wayland"),
            "foot": ["foot", "-T", title, SYSTEM_PYTHON, str(programs / "terminal_reader.py"), str(log)],
        }
        process = desk.open_window(title, *commands[kind])
        window = DeskWindow(title, log, process)
        try:
            window.wait("ready")
            yield window
        finally:
            desk.close(process)


@asynccontextmanager
async def input_method_on(desk: WaylandDesk) -> AsyncIterator[WaylandInputMethod]:
    method = WaylandInputMethod(desk.environ)
    method.start(asyncio.get_running_loop())
    try:
        yield method
    finally:
        method.close()


@asynccontextmanager
async def acquired(method: WaylandInputMethod, program: str) -> AsyncIterator[InputContext]:
    """The focused field, asked for again until `PATIENCE_S`: for a program that once answered at once, the app waits a
    tenth of a second at most, which is too short where others keep the machine busy."""
    deadline = monotonic() + PATIENCE_S
    while True:
        async with method.acquire(program, PATIENCE_S) as context:
            if context is not None:
                yield context
                return
        assert monotonic() < deadline, f"{program} tells nothing of its field"


async def is_proven(
    context: InputContext, before: SurroundingText | None, text: str, timeout_s: float = PATIENCE_S
) -> bool:
    """Whether the program tells in time that `text` has arrived."""
    with anyio.move_on_after(timeout_s):
        while not is_inserted(before, context.surrounding, text):
            await context.wait_for_change()
        return True
    return False


async def wait_for_text(window: DeskWindow, text: str) -> None:
    """Wait until the field holds just this text."""
    await to_thread.run_sync(lambda: until(lambda: window.text() == text, lambda: f"{text!r}; {window.text()!r}"))


def looks_like(picture: bytes, other: bytes) -> bool:
    """Whether two pictures of a desk show the same, but for the cursor."""
    first, second = (np.frombuffer(one, np.uint8) for one in (picture, other))
    return first.shape == second.shape and int(np.count_nonzero(first != second)) <= CARET_BYTES


async def settled_picture(desk: WaylandDesk, still_s: float = 0.0) -> bytes:
    """What is seen once windows have drawn nothing new for `still_s` seconds, or from one picture to the next."""
    seen, since = desk.picture(), monotonic()

    def is_still() -> bool:
        nonlocal seen, since
        before, seen = seen, desk.picture()
        if not looks_like(before, seen):
            since = monotonic()
            return False
        return monotonic() - since >= still_s

    await to_thread.run_sync(lambda: until(is_still, "nothing new is drawn"))
    return seen


async def wait_for_picture(desk: WaylandDesk, picture: bytes, *, is_same: bool = True) -> None:
    """Wait until the desk looks as in a picture again, or no more."""
    what = f"it looks {'' if is_same else 'not '}as before"
    await to_thread.run_sync(lambda: until(lambda: looks_like(desk.picture(), picture) is is_same, what))
