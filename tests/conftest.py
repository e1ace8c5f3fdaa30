"""Fixtures that stand for a machine: a display with a window manager, a session bus, a sound server, and real speech.

What a test asks of these is made for it and taken down after it; nothing of the machine that runs the tests is used.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from select import select
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from desktop.core.process import restore_import
from tests.support.other_systems import LINKS, ROOT, X11, find_reason, only_on_linux
from tests.support.session_bus import session_bus
from tests.support.sound_server import Sound, sound_server

if TYPE_CHECKING:
    from tests.support.x_clients import Hand

settings.register_profile("no stopwatch", deadline=None)
settings.load_profile("no stopwatch")

os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
"""No test asks the machine's own keyring, which may ask for a password."""

MANAGER_S = 20.0
"""How long a window manager may take to start; it takes a tenth of a second."""

LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording (16 kHz mono WAV) and what is said in it, lower case, without punctuation."""

    path: Path
    text: str


def refuse_link(target: Path, link: Path, *_: object, **__: object) -> None:
    """Wine says that it has made a link, and makes none; Windows makes them for administrators.

    Without its own link to the newest temporary folder pytest does well.
    """
    if Path(link).name.endswith("current"):
        raise OSError
    only_on_linux(LINKS)


@pytest.hookimpl(trylast=True)  # after pytest-qt's, which imports PySide6
def pytest_configure() -> None:
    """Import as the app does. In Windows leave out what asks for a link, and say what Linux says: its own words have
    tests of their own."""
    restore_import()
    if sys.platform == "win32":
        from desktop.core.texts.table import SHOWN_TEXTS, TEXTS

        os.symlink = refuse_link
        SHOWN_TEXTS.update(TEXTS)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Windows is asked for nothing of Linux's; see `tests.support.other_systems`."""
    if sys.platform != "win32" or not collection_path.is_relative_to(ROOT):
        return None
    return find_reason(collection_path.relative_to(ROOT).as_posix()) is not None or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The same for single tests, with the reason."""
    for item in items if sys.platform == "win32" else ():
        if reason := find_reason(item.nodeid):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run where the engine does."""
    return "asyncio"


@pytest.fixture(scope="session")
def clips() -> list[Clip]:
    """What somebody may say; see `sentences`."""
    return sentences()


def sentences() -> list[Clip]:
    """The five sentences of Debian's pocketsphinx-testdata: real speech by a LibriVox reader, 25 s in all."""
    lines = (LIBRIVOX / "transcription").read_text().splitlines()
    found = []
    for line in lines:
        text, _, name = line.rpartition("(")
        words = text.replace("<s>", "").replace("</s>", "").strip()
        found.append(Clip(LIBRIVOX / f"{name.rstrip(')')}.wav", words))
    return found


def start_display(size: str = "1280x800x24") -> tuple[subprocess.Popen[bytes], str]:
    """Start an Xvfb on a free display number and return it with its name, once it answers.

    It does not begin anew when its last client leaves, which would also close the connection of one that just comes.
    """
    only_on_linux(X11)
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as number:
        return server, f":{number.readline().strip()}"


@contextmanager
def bare_display() -> Iterator[str]:
    """The name of an X display without a window manager, which would take keys and move the focus."""
    server, name = start_display()
    try:
        yield name
    finally:
        server.terminate()
        server.wait(timeout=5)


def wait_for_manager(name: str) -> None:
    """Wait until the window manager is at work: it answers a question. A window shown while it starts stays unseen."""
    from Xlib import X
    from Xlib.display import Display
    from Xlib.protocol.event import ClientMessage

    connection = Display(name)
    root = connection.screen().root
    window = root.create_window(0, 0, 9, 9, 0, 24, event_mask=X.PropertyChangeMask)
    question, answer = connection.get_atom("_NET_REQUEST_FRAME_EXTENTS"), connection.get_atom("_NET_FRAME_EXTENTS")
    ask = ClientMessage(window=window, client_type=question, data=(32, [0] * 5))
    deadline = monotonic() + MANAGER_S
    while window.get_full_property(answer, X.AnyPropertyType) is None:
        assert monotonic() < deadline, "no window manager answers"
        root.send_event(ask, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        connection.sync()
        select([connection.fileno()], [], [], 0.1)
        while connection.pending_events():
            connection.next_event()
    connection.close()


@contextmanager
def managed_display() -> Iterator[str]:
    """The name of an X display with openbox on it, until the block ends."""
    with bare_display() as name:
        manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": name}, stderr=subprocess.DEVNULL)
        try:
            wait_for_manager(name)
            yield name
        finally:
            manager.terminate()
            manager.wait(timeout=5)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of an X display with openbox on it."""
    with managed_display() as name:
        yield name


@pytest.fixture
def hand(display: str) -> Iterator[Hand]:
    """Who presses keys there."""
    from tests.support.x_clients import Hand

    hand = Hand(display)
    yield hand
    hand.close()


@pytest.fixture
def bus() -> Iterator[str]:
    """The address of a session bus that has no program on it and starts none."""
    with session_bus() as address:
        yield address


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sound]:
    """A sound server, which is the one that the test hears and plays to."""
    with sound_server() as sound:
        for name, value in sound.environ.items():
            monkeypatch.setenv(name, value)
        yield sound
