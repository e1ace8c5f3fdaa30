"""The file of the mutes in force, by which a crash is undone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from desktop.audio.calls.streams import MutedStream, dump_muted, load_muted
from desktop.core.files import write_file
from desktop.core.paths import make_private_dir

logger = logging.getLogger(__name__)


class MuteFile:
    """The file at `path`, which several threads may write; it is missing where nothing is muted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def read(self) -> tuple[MutedStream, ...]:
        """Return the mutes of an earlier run; none for a missing or invalid file."""
        try:
            return load_muted(self._path.read_text())
        except FileNotFoundError:
            return ()
        except (OSError, ValueError):
            logger.warning("what was muted in calls before a crash cannot be read")
            return ()

    def write(self, get_muted: Callable[[], Sequence[MutedStream]]) -> None:
        """Write what is muted now, whichever thread comes last. Never raises: without a record it is muted all the
        same, since a call that hears is worse."""
        with self._lock:
            muted = get_muted()
            try:
                if muted:
                    make_private_dir(self._path.parent)
                    write_file(self._path, dump_muted(muted))
                else:
                    self._path.unlink(missing_ok=True)
            except OSError as error:
                logger.warning("what is muted in calls is not kept on disk: %s", error.strerror)
