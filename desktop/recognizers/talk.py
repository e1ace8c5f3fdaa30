"""What a streaming service and we say to each other on one connection: a `Talk` decides, and does nothing itself.

It says what to send and is told what came, so every protocol is tested without a network, and `live` speaks them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Words:
    """What a connection has brought so far.

    `settled` is the beginning of `text` that will not change any more, `settled_s` how many seconds of the sound that
    was sent on this connection are in it: from there on a next connection goes on. `language` is empty where unknown.
    """

    text: str = ""
    settled: str = ""
    settled_s: float = 0.0
    language: str = ""


class TroubleError(Exception):
    """A service says in its protocol that it cannot go on. `status` is the HTTP status that means the same, `told` its
    own sentence."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.told = told

    @property
    def body(self) -> bytes:
        """As an HTTP answer would have it."""
        return json.dumps({"message": self.told}).encode()


class Talk(Protocol):
    """One connection; lives as long as it does."""

    @property
    def url(self) -> str:
        """Where to open it."""
        ...

    @property
    def words(self) -> Words:
        """What is known now."""
        ...

    @property
    def done(self) -> bool:
        """Whether nothing more is to come: the end was told, and `words` are all."""
        ...

    @property
    def stuck(self) -> bool:
        """Whether what was sent last of `ending` has had its answer, and that is not all: the next need not wait."""
        ...

    @property
    def audio_bytes(self) -> int:
        """How many bytes of sound were handed out to be sent, as the service counts them (PCM, not base64)."""
        ...

    @property
    def still(self) -> str:
        """What to send where no sound is to be sent for a while; empty for nothing."""
        ...

    def opening(self) -> Sequence[str]:
        """What to send first."""
        ...

    def sound(self, pcm: bytes) -> Sequence[str | bytes]:
        """What to send for this much more sound, mono, 16 kHz, 16 bits."""
        ...

    def ending(self) -> Iterator[tuple[str, float]]:
        """What to send once all sound is sent, and for how many seconds each is waited for before the next is sent;
        after the last, and where there is none, until all is `done`."""
        ...

    def told(self, message: str) -> None:
        """Take what came. Raises `TroubleError`, and `ValueError` for what makes no sense."""
        ...

    def hung_up(self) -> bool:
        """Be told that the service closed the connection, in good order; whether `words` are all."""
        ...
