"""Play recordings, one at a time, beside everything else.

`pacat` plays, as for the start cue and for the same reasons (`desktop.audio.cues`): a child process can be ended at any
sample, and does not block or break the input stream. A thread feeds it, since it reads at the pace of the audio. On
Windows `desktop.audio.windows_playback` plays.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Protocol

from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ, Audio

CLIENT_NAME = "Intone"
"""The player's name at the sound server; streams of this name are not ducked."""

PLAYER_COMMAND = (
    *("pacat", "--playback", f"--client-name={CLIENT_NAME}", "--property=media.role=music", "--latency-msec=60"),
    *(f"--rate={RATE_HZ}", "--channels=1", "--format=float32le"),
)

FIRST_WRITE_BYTES = 4 * RATE_HZ // 10
"""A tenth of a second: once it has been accepted, playback is audible within the player's latency."""


class Player(Protocol):
    """Plays one recording at a time. Call its methods from one thread."""

    def play(self, audio: Audio, on_started: Callable[[], None], on_ended: Callable[[UserError | None], None]) -> None:
        """Play `audio` and stop what was playing.

        `on_started` is called when playback is audible, `on_ended` when it ends, with the error if there was one. Both
        are called from another thread, and neither after `stop` or another `play`.
        """
        ...

    def stop(self) -> None:
        """Stop playback."""
        ...


def create_player(platform: str = sys.platform) -> Player:
    """Return a player for this system."""
    if platform == "win32":
        from desktop.audio.windows_playback import WaveOutPlayer

        return WaveOutPlayer()
    return AudioPlayer()


class AudioPlayer:
    """`Player` by `command`, which reads mono float32 at `RATE_HZ` from its standard input."""

    def __init__(self, command: tuple[str, ...] = PLAYER_COMMAND) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None

    def play(self, audio: Audio, on_started: Callable[[], None], on_ended: Callable[[UserError | None], None]) -> None:
        """See `Player`."""
        self.stop()
        try:
            child = subprocess.Popen(
                self._command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError:
            on_ended(UserError("player-missing"))
            return
        self._child = child
        Thread(
            target=self._feed, args=(child, audio.tobytes(), on_started, on_ended), name="player", daemon=True
        ).start()

    def stop(self) -> None:
        """Stop playback."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()

    def _feed(
        self,
        child: subprocess.Popen[bytes],
        samples: bytes,
        on_started: Callable[[], None],
        on_ended: Callable[[UserError | None], None],
    ) -> None:
        assert child.stdin is not None
        with suppress(OSError), child.stdin as pipe:  # the player may end, or be killed, before it has read all
            pipe.write(samples[:FIRST_WRITE_BYTES])
            if self._child is child:
                on_started()
            pipe.write(samples[FIRST_WRITE_BYTES:])
        status = child.wait()
        if self._child is child:
            on_ended(None if status == 0 else UserError("recording-unplayable"))
