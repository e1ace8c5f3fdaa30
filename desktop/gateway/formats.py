"""Write a transcript as OpenAI's endpoint does: JSON, text, subtitles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

RESPONSE_FORMATS = ("json", "text", "verbose_json", "srt", "vtt")

MEDIA_TYPES = {
    "json": "application/json",
    "verbose_json": "application/json",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
}


def write_transcript(transcript: Mapping[str, Any], response_format: str) -> tuple[str, str]:
    """Return the body and the media type of a transcript: the app's line, with `text`, `language`, `duration_s` and
    `segments`."""
    media_type = MEDIA_TYPES.get(response_format, "text/plain")
    segments: Sequence[Mapping[str, Any]] = transcript["segments"]
    match response_format:
        case "json":
            body = json.dumps({"text": transcript["text"]}, ensure_ascii=False)
        case "verbose_json":
            body = json.dumps(_describe(transcript, segments), ensure_ascii=False)
        case "srt":
            body = "".join(
                f"{number}\n{_span(segment, ',')}\n{_one_line(segment)}\n\n"
                for number, segment in enumerate(segments, start=1)
            )
        case "vtt":
            body = "WEBVTT\n\n" + "".join(f"{_span(segment, '.')}\n{_one_line(segment)}\n\n" for segment in segments)
        case _:
            body = f"{transcript['text']}\n"
    return body, media_type


def _describe(transcript: Mapping[str, Any], segments: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what `verbose_json` has. What the app does not know of a segment is not made up."""
    return {
        "task": "transcribe",
        "language": transcript["language"],
        "duration": transcript["duration_s"],
        "text": transcript["text"],
        "segments": [
            {"id": id, "start": segment["start_s"], "end": segment["end_s"], "text": segment["text"]}
            for id, segment in enumerate(segments)
        ],
    }


def _span(segment: Mapping[str, Any], separator: str) -> str:
    return f"{_clock(segment['start_s'], separator)} --> {_clock(segment['end_s'], separator)}"


def _clock(seconds: float, separator: str) -> str:
    """Return a time as subtitles have it, in whole milliseconds."""
    left_s, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(left_s, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{separator}{milliseconds:03}"


def _one_line(segment: Mapping[str, Any]) -> str:
    """Return a segment's text without what would end it or begin another."""
    return " ".join(str(segment["text"]).replace("-->", "->").split())
