"""What OpenAI's transcription accepts of each model, as strictly as is known, so that a client which is too free with
its fields fails here and not with its user.

From the protocol's description and openai-python 3.57. Where those leave open what happens, the request is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

FILES = {".flac", ".mp3", ".mp4", ".mpeg", ".mpga", ".m4a", ".ogg", ".wav", ".webm"}

BIGGEST = 25 * 1024 * 1024
"""Bytes of a file."""

NO_ISO_639_1 = {"jw"}
"""Whisper's code for Javanese, which is two letters long and is no code at all."""


@dataclass(frozen=True, slots=True)
class Accepts:
    """What a model takes. `language`: "language", "languages", or "" for neither."""

    language: str = "language"
    keywords: bool = False
    prompt: bool = True
    formats: tuple[str, ...] = ("json",)
    streams: bool = True


BATCH = {
    "gpt-transcribe": Accepts("languages", keywords=True),
    "gpt-4o-transcribe": Accepts(),
    "gpt-4o-mini-transcribe": Accepts(),
    "gpt-4o-mini-transcribe-2025-12-15": Accepts(),
    "gpt-4o-transcribe-diarize": Accepts(prompt=False, formats=("json", "text", "diarized_json")),
    "whisper-1": Accepts(formats=("json", "text", "srt", "verbose_json", "vtt"), streams=False),
}

LIVE = {
    "gpt-live-transcribe": Accepts("languages", keywords=True),
    "gpt-realtime-whisper": Accepts(prompt=False),
    "gpt-transcribe": Accepts("languages", keywords=True),
    "gpt-4o-transcribe": Accepts(),
    "gpt-4o-mini-transcribe": Accepts(),
    "whisper-1": Accepts(),
}

COMPATIBLE = Accepts(formats=("json", "text", "verbose_json"), streams=False)
"""What every OpenAI-compatible server takes: no keywords, one language."""

FIELDS = {
    "file", "model", "language", "languages[]", "keywords[]", "prompt", "response_format", "temperature", "stream",
    "include[]", "chunking_strategy", "timestamp_granularities[]",
}  # fmt: skip
COMPATIBLE_FIELDS = {"file", "model", "language", "prompt", "response_format", "temperature"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why something is refused, in the shape of OpenAI's errors."""

    message: str
    param: str | None = None
    code: str | None = None
    status: int = 400
    type: str = "invalid_request_error"

    def event(self) -> dict[str, str | None]:
        """What stands behind "error"."""
        return {"message": self.message, "type": self.type, "param": self.param, "code": self.code}


def wrong_form(fields: Iterable[tuple[str, str]], name: str, size: int, compatible: bool) -> Wrong | None:
    """What is wrong with a transcription's form; `name` and `size` are the file's."""
    given = list(fields)
    names = {field for field, _ in given}
    for field in names - (COMPATIBLE_FIELDS if compatible else FIELDS):
        return Wrong(f"Unknown parameter: '{field}'.", field, "unknown_parameter")
    one = dict(given)
    if not name or not one.get("model"):
        missing = "model" if name else "file"
        return Wrong(f"Missing required parameter: '{missing}'.", missing, "missing_required_parameter")
    accepts = COMPATIBLE if compatible else BATCH.get(one["model"])
    if accepts is None:
        return no_model(one["model"])
    if PurePath(name).suffix.lower() not in FILES:
        return Wrong(f"Invalid file format. Supported are {sorted(FILES)}.", "file")
    if size > BIGGEST:
        return Wrong(f"The file has {size} bytes and may have {BIGGEST}.", "file", status=413)
    form = one.get("response_format", "json")
    if form not in accepts.formats:
        return Wrong(
            f"response_format '{form}' is not compatible with this model.", "response_format", "unsupported_value"
        )
    if one.get("timestamp_granularities[]") and form != "verbose_json":
        return Wrong("Timestamps need verbose_json.", "timestamp_granularities")
    return wrong_hints(
        accepts,
        {key: [value for field, value in given if field == f"{key}[]"] for key in ("languages", "keywords")},
        one.get("language"),
        "prompt" in names,
    )


def wrong_hints(
    accepts: Accepts, lists: dict[str, list[str]], language: str | None, prompt: bool, where: str = ""
) -> Wrong | None:
    """What is wrong with the languages, keywords and prompt that are named to a model."""
    languages, keywords = lists.get("languages", []), lists.get("keywords", [])
    if languages and language is not None:
        return Wrong("Give either 'language' or 'languages'.", f"{where}languages", "invalid_value")
    for name, given in (("languages", bool(languages)), ("language", language is not None)):
        if given and accepts.language != name:
            return Wrong(f"'{name}' is not supported with this model.", where + name, "unsupported_parameter")
    for code in [*languages, *([language] if language is not None else [])]:
        if not re.fullmatch("[a-z]{2}", code) or code in NO_ISO_639_1:
            return Wrong(
                f"Invalid language '{code}': it must be in ISO-639-1.", where + accepts.language, "invalid_value"
            )
    if keywords and not accepts.keywords:
        return Wrong("'keywords' is not supported with this model.", f"{where}keywords", "unsupported_parameter")
    if any(re.search(r"[<>\r\n]", word) or not word.strip() for word in keywords):
        return Wrong("A keyword has a character that is not allowed.", f"{where}keywords", "invalid_value")
    if prompt and not accepts.prompt:
        return Wrong("'prompt' is not supported with this model.", f"{where}prompt", "unsupported_parameter")
    return None


def no_model(name: str) -> Wrong:
    """The refusal of a model that there is not."""
    return Wrong(f"The model '{name}' does not exist or you do not have access to it.", None, "model_not_found", 404)
