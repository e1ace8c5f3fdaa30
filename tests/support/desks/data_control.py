"""Desktops whose compositor lets any tool have the clipboard (data-control): KDE, and those of wlroots."""

from __future__ import annotations

from tests.support.desk import BUSY_S, until
from tests.support.desks.session import TEXT, DesktopSession


class DataControlDesk(DesktopSession):
    """A session whose clipboard wl-clipboard copies to and pastes from, as another program would."""

    def copy(self, data: bytes, kind: str = TEXT) -> None:
        file = self.folder / "copied"
        file.write_bytes(data)
        self.run("sh", "-c", 'wl-copy --type "$0" < "$1" > /dev/null', kind, str(file))
        until(lambda: self.clipboard(kind) == data, lambda: f"the clipboard has it as {kind}; {self.types()}", BUSY_S)

    def clipboard(self, kind: str = TEXT) -> bytes:
        return self.run("sh", "-c", 'wl-paste --no-newline --type "$0" || true', kind)

    def types(self) -> set[str]:
        """The types that the clipboard has."""
        return set(self.run("sh", "-c", "wl-paste --list-types || true").decode().split())
