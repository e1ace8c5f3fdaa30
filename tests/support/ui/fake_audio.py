"""A microphone and sounds for the windows, without a sound server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, override

from desktop.audio.soundcheck import TrialRecording
from desktop.core.errors import UserError
from desktop.ui.controllers.audio import AudioController


class FakeAudio(AudioController):
    """`going` names what is being done with the microphone; the callbacks are kept.

    `wrong` is what is wrong with each cue, `cues` which were played.
    """

    def __init__(self) -> None:
        self.going: list[str] = []
        self.level: Callable[[float], None]
        self.on_problem: Callable[[UserError | None], None]
        self.recorded: Callable[[TrialRecording | UserError], None]
        self.played: Callable[[UserError | None], None]
        self.wrong: dict[str, UserError] = {}
        self.cues: list[str] = []

    @override
    def monitor(self, on_level: Callable[[float], None], on_problem: Callable[[Any], None]) -> Callable[[], None]:
        self.level, self.on_problem = on_level, on_problem
        return self._go("listening")

    @override
    def record(
        self, seconds: float, on_level: Callable[[float], None], on_result: Callable[[Any], None]
    ) -> Callable[[], None]:
        self.level, self.recorded = on_level, on_result
        return self._go("recording")

    @override
    def play(self, recording: TrialRecording, on_ended: Callable[[Any], None]) -> None:
        self.played = on_ended
        self.going.append("playing")

    @override
    def stop_playback(self) -> None:
        self.going.remove("playing")

    @override
    def try_cue(self, kind: str, on_result: Callable[[Any], None], *, aloud: bool) -> None:
        if aloud:
            self.cues.append(kind)
        on_result(self.wrong.get(kind))

    def end_recording(self, recorded: TrialRecording | UserError) -> None:
        self.going.remove("recording")
        self.recorded(recorded)

    def end_playing(self, problem: UserError | None = None) -> None:
        self.going.remove("playing")
        self.played(problem)

    def _go(self, what: str) -> Callable[[], None]:
        self.going.append(what)
        return lambda: self.going.remove(what)
