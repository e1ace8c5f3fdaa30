"""Convert Chinese text to the chosen script, for any recognizer."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Callable

from desktop.core.interfaces import Recognizer
from desktop.core.types import Frame, Transcript
from desktop.stt.chinese_script import ScriptConverter


class ChineseScriptRecognizer:
    """`core.interfaces.Recognizer` that returns the text of `recognizer` in the `chosen` script (`ScriptConverter`)."""

    def __init__(self, recognizer: Recognizer, chosen: str) -> None:
        self._recognizer = recognizer
        self._chosen = chosen

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`."""
        converter = ScriptConverter(self._chosen, os.environ)
        return converter(await self._recognizer.transcribe(speech, lambda heard: on_partial(converter(heard))))
