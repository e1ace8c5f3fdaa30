"""Convert Chinese text to the chosen script, for any recognizer."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Callable

from desktop.core.interfaces import Recognizer
from desktop.core.types import Frame, Transcript
from desktop.stt.chinese_script import Written


class InScript:
    """`core.interfaces.Recognizer` that returns the text of `recognizer` in the `chosen` script (`ScriptConverter`)."""

    def __init__(self, one: Recognizer, chosen: str) -> None:
        self._one = one
        self._chosen = chosen

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`."""
        written = Written(self._chosen, os.environ)
        return written(await self._one.transcribe(speech, lambda heard: show(written(heard))))
