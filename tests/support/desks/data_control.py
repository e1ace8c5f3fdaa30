"""Desktops whose compositor lets any tool have the clipboard (data-control): KDE, and those of wlroots."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.desk import until
from tests.support.desks.session import DesktopSession


class DataControlDesk(DesktopSession):
    """A session whose clipboard wl-clipboard copies to and pastes from, as another program would."""

    def begin_talking(self) -> None:
        """Do with the talk key what begins a dictation."""
        raise NotImplementedError

    def end_talking(self) -> None:
        """Do with it what ends the dictation."""
        raise NotImplementedError

    def dictate(self, wav: Path, look: Callable[[], object] = lambda: None) -> dict[str, Any]:
        """Begin, wait until Intone listens, speak, `look`, end; return the row of the dictation once it is over."""
        before = len(self.history())
        self.begin_talking()
        try:
            self.wait_state("listening")
            self.sound.play(wav)
            look()
        finally:
            self.end_talking()
        return self.wait_rows(before + 1)[0]

    def restart(self) -> None:
        """Quit the app and start it again, and wait until it is ready."""
        assert self.app is not None
        self.intone("quit")
        self.app.wait(timeout=20)
        self.start()
        self.wait_ready()

    def copy(self, data: bytes, kind: str = "text/plain") -> None:
        """Put `data` onto the clipboard, and wait until that is so."""
        file = self.folder / "copied"
        file.write_bytes(data)
        self.run("sh", "-c", 'wl-copy --type "$0" < "$1" > /dev/null', kind, str(file))
        until(lambda: self.clipboard(kind) == data, lambda: f"the clipboard has it as {kind}; {self.types()}")

    def clipboard(self, kind: str = "text/plain") -> bytes:
        """What the clipboard holds as `kind`; empty where nothing does."""
        return self.run("sh", "-c", 'wl-paste --no-newline --type "$0" || true', kind)

    def types(self) -> set[str]:
        """The types that the clipboard has."""
        return set(self.run("sh", "-c", "wl-paste --list-types || true").decode().split())
