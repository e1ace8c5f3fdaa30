"""A session whose user runs IBus, and has told GTK, Qt and X of it, as on desktops that start no daemon themselves."""

from __future__ import annotations

from tests.support.desk import BUSY_S, until
from tests.support.desks.session import DesktopSession
from tests.support.ibus import DAEMON, LATIN


class IBusSession(DesktopSession):
    """A session with IBus's daemon. `engine` is the input method that its user has on."""

    engine = LATIN

    def start_ibus(self) -> None:
        """Start the daemon, and wait until the user's engine is on."""
        self.spawn(*DAEMON, "--xim")
        self.choose_engine(self.engine)

    def choose_engine(self, engine: str) -> None:
        """Switch to an engine, as its user does in a menu, and wait until it is on."""
        self.engine = engine
        until(self._has_engine, lambda: f"IBus has {self.engine}\n{self.output('ibus-daemon')}", BUSY_S)

    def _has_engine(self) -> bool:
        """Switch the user's engine on; whether it is."""
        self.run("sh", "-c", f"ibus engine {self.engine} || true")
        return self.run("sh", "-c", "ibus engine || true").decode().strip() == self.engine
