"""Playing a recording, or the rest of it: one at a time, beside everything else.

`pacat` plays, as it does the start cue and for the same reasons (`microphone.cue`): a child process can be ended at any
sample, and neither holds up nor breaks the line that hears. It is fed by a thread, since it reads at the pace of the
sound.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from desktop.ports import RATE_HZ, Audio
from desktop.problems import Problem

CLIENT = "Intone"
"""How the sound server knows the player, which is not turned down with others."""

PLAYER = (
    *("pacat", "--playback", f"--client-name={CLIENT}", "--property=media.role=music", "--latency-msec=60"),
    *(f"--rate={RATE_HZ}", "--channels=1", "--format=float32le"),
)

BEGIN_BYTES = 4 * RATE_HZ // 10
"""A tenth of a second: once so much was taken, it is being heard, or will be within the player's latency."""


class Player:
    """Plays by `command`, which reads mono float32 at `RATE_HZ` from its standard input. For one thread, which `play`
    and `silence` are called from."""

    def __init__(self, command: tuple[str, ...] = PLAYER) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None

    def play(self, audio: Audio, began: Callable[[], None], ended: Callable[[Problem | None], None]) -> None:
        """Play `audio` in the place of what is played. `began` is called when it is heard, `ended` when it is over,
        with the problem if there was one; neither once `silence` was called, or `play` again. From a thread."""
        self.silence()
        try:
            child = subprocess.Popen(
                self._command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError:
            ended(Problem("Sound cannot be played here.", "Install pulseaudio-utils."))
            return
        self._child = child
        Thread(target=self._feed, args=(child, audio.tobytes(), began, ended), name="player", daemon=True).start()

    def silence(self) -> None:
        """Play no more."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()

    def _feed(
        self,
        child: subprocess.Popen[bytes],
        samples: bytes,
        began: Callable[[], None],
        ended: Callable[[Problem | None], None],
    ) -> None:
        assert child.stdin is not None
        with suppress(OSError), child.stdin as into:  # it may end, or be ended, before it has read all
            into.write(samples[:BEGIN_BYTES])
            if self._child is child:
                began()
            into.write(samples[BEGIN_BYTES:])
        status = child.wait()
        if self._child is child:
            ended(None if status == 0 else Problem("The recording could not be played.", "Is there a loudspeaker?"))
