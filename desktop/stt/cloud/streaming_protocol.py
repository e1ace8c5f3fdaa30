"""The protocol of a streaming service on one connection, without I/O.

A `StreamingProtocol` returns what to send and handles what was received, so each protocol is tested without a network,
and `CloudStream` runs them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StreamedText:
    """The text of a connection so far.

    `settled` is the start of `text` that will not change any more; it covers `settled_s` seconds of the audio sent on
    this connection, after which a next connection continues. `language` is empty if unknown.
    """

    text: str = ""
    settled: str = ""
    settled_s: float = 0.0
    language: str = ""


class StreamingServiceError(Exception):
    """The service reported an error in its protocol. `status` is the equivalent HTTP status, `message` its message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.message = message

    @property
    def body(self) -> bytes:
        """The body of the equivalent HTTP answer."""
        return json.dumps({"message": self.message}).encode()


class StreamingProtocol(Protocol):
    """The protocol of one connection."""

    @property
    def url(self) -> str:
        """The URL to connect to."""
        ...

    @property
    def result(self) -> StreamedText:
        """The text so far."""
        ...

    @property
    def is_done(self) -> bool:
        """Whether the end was confirmed and `result` is complete."""
        ...

    @property
    def is_stuck(self) -> bool:
        """Whether the last message of `ending_messages` was answered and that was not enough: the next need not
        wait."""
        ...

    @property
    def audio_bytes(self) -> int:
        """Bytes of audio returned for sending, as the service counts them (PCM, not base64)."""
        ...

    @property
    def keep_alive(self) -> str:
        """The message to send while there is no audio; empty for none."""
        ...

    def opening_messages(self) -> Sequence[str]:
        """Return the first messages."""
        ...

    def audio_messages(self, pcm: bytes) -> Sequence[str | bytes]:
        """Return the messages for more audio: mono, 16 kHz, 16 bits."""
        ...

    def ending_messages(self) -> Iterator[tuple[str, float]]:
        """Yield the messages after all audio, each with the seconds to wait before the next.

        After the last, and without one, the wait lasts until `is_done`.
        """
        ...

    def handle_message(self, message: str) -> None:
        """Handle a received message. Raises `StreamingServiceError`, and `ValueError` for an invalid message."""
        ...

    def handle_close(self) -> bool:
        """Handle a proper close by the service; return whether `result` is complete."""
        ...
