"""Playing a recording through another program."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event

import numpy as np

from desktop.audio.playback import AudioPlayer
from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ

SOUND = np.sin(np.arange(2 * RATE_HZ) / 9).astype(np.float32)
SOAK = (sys.executable, "-c", "import sys; sys.stdin.buffer.read()")
STUCK = (sys.executable, "-c", "import sys; sys.stdin.buffer.read(1); import time; time.sleep(60)")
BROKEN = (sys.executable, "-c", "raise SystemExit(1)")


class Heard:
    """What a player says, as it says it."""

    def __init__(self) -> None:
        self.began = Event()
        self.over = Event()
        self.how: UserError | None = None

    def end(self, how: UserError | None) -> None:
        self.how = how
        self.over.set()


def test_all_of_it_goes_to_the_player(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = (sys.executable, "-c", f"import sys; open({str(out)!r}, 'wb').write(sys.stdin.buffer.read())")
    heard = Heard()
    AudioPlayer(command).play(SOUND, heard.began.set, heard.end)
    assert heard.over.wait(30)
    assert (heard.began.is_set(), heard.how) == (True, None)
    assert out.read_bytes() == SOUND.tobytes()


def test_silence_ends_it_without_a_word() -> None:
    player, heard = AudioPlayer(STUCK), Heard()
    player.play(SOUND, heard.began.set, heard.end)
    child = player._child
    assert child is not None
    player.stop()
    assert child.wait(30) != 0
    after = Heard()
    player._command = SOAK
    player.play(SOUND, after.began.set, after.end)
    assert after.over.wait(30)
    assert after.how is None
    assert not heard.over.is_set()


def test_a_player_that_fails_is_a_problem() -> None:
    heard = Heard()
    AudioPlayer(BROKEN).play(SOUND, heard.began.set, heard.end)
    assert heard.over.wait(30)
    assert str(heard.how) == "The recording could not be played. Is there a loudspeaker?"


def test_without_a_player_there_is_a_remedy() -> None:
    heard = Heard()
    AudioPlayer(("/nowhere/pacat",)).play(SOUND, heard.began.set, heard.end)
    assert str(heard.how) == "Sound cannot be played here. Install pulseaudio-utils."
