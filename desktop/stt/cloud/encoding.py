"""Encode audio for upload frame by frame during the dictation, so that nothing is left to encode at the release.

The format depends on the network: FLAC is lossless and halves the bytes; Opus at 32 kbit/s is an eighth, and at half of
that it would lose accuracy (one word in eight more is wrong), so it is for slow networks; WAV is for servers so near
that bytes do not matter.

All three are written as streams, without a length filled in afterwards, which the formats allow (a FLAC of unknown
length has 0 samples in its header, a WAV the largest possible number). Readers based on libsndfile (vLLM's) accept such
a WAV and Ogg but not such a FLAC: they allocate memory for all of it first. So the formats a service accepts are in its
`ProviderModel`. Encoded audio is out within `MAX_DELAY_S`: a FLAC frame has 72 ms, an Ogg page 60 ms. A frame of 32 ms
takes 0.02 ms (FLAC) or 0.23 ms (Opus) of one core.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Collection
from fractions import Fraction
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from desktop.core.types import FULL_SCALE, RATE_HZ, Frame
from desktop.network.endpoint import is_loopback

MAX_DELAY_S = 0.15
"""Maximum seconds of audio inside an encoder: its own block and its look-ahead."""

SLOW_BIT_S = 5_000_000.0
"""Uplink in bits per second below which Opus is sent."""

OPUS_BIT_S = 32_000

UNKNOWN_LENGTH = 0xFFFFFFFF
"""The length field of a WAV of unknown length."""


class AudioEncoder(Protocol):
    """Encodes one recording. `suffix` is the extension of a file name."""

    media_type: ClassVar[str]
    suffix: ClassVar[str]

    def encode(self, frame: Frame) -> bytes:
        """Return the bytes that are ready after `frame`; often none."""
        ...

    def finish(self) -> bytes:
        """Return the remaining bytes."""
        ...


class FlacEncoder:
    """Lossless, about 140 kbit/s for speech."""

    media_type: ClassVar[str] = "audio/flac"
    suffix: ClassVar[str] = ".flac"

    def __init__(self) -> None:
        self._encoder = _FfmpegEncoder("flac", "flac", metadata_header_padding="0")

    def encode(self, frame: Frame) -> bytes:
        """See `AudioEncoder`."""
        return self._encoder.encode(frame)

    def finish(self) -> bytes:
        """See `AudioEncoder`."""
        return self._encoder.finish()


class OpusEncoder:
    """32 kbit/s in an Ogg file."""

    media_type: ClassVar[str] = "audio/ogg"
    suffix: ClassVar[str] = ".ogg"

    def __init__(self) -> None:
        self._encoder = _FfmpegEncoder("ogg", "libopus", OPUS_BIT_S, page_duration="60000")

    def encode(self, frame: Frame) -> bytes:
        """See `AudioEncoder`."""
        return self._encoder.encode(frame)

    def finish(self) -> bytes:
        """See `AudioEncoder`."""
        return self._encoder.finish()


class WavEncoder:
    """Uncompressed, 256 kbit/s."""

    media_type: ClassVar[str] = "audio/wav"
    suffix: ClassVar[str] = ".wav"

    def __init__(self) -> None:
        form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE_HZ, 2 * RATE_HZ, 2, 16)
        self._head = (
            struct.pack("<4sI4s", b"RIFF", UNKNOWN_LENGTH, b"WAVE")
            + form
            + struct.pack("<4sI", b"data", UNKNOWN_LENGTH)
        )

    def encode(self, frame: Frame) -> bytes:
        """See `AudioEncoder`."""
        return self.finish() + _to_int16(frame).astype("<i2").tobytes()

    def finish(self) -> bytes:
        """See `AudioEncoder`."""
        head, self._head = self._head, b""
        return head


def choose_encoder(
    host: str, bit_s: float | None, formats: Collection[str] = ("flac", "ogg", "wav")
) -> type[AudioEncoder]:
    """Return the encoding for a host that accepts `formats`, given its uplink (None if not measured)."""
    slow = bit_s is not None and bit_s < SLOW_BIT_S
    preferred: tuple[type[AudioEncoder], ...] = (
        (OpusEncoder, FlacEncoder, WavEncoder) if slow else (FlacEncoder, WavEncoder, OpusEncoder)
    )
    if is_nearby(host):
        preferred = (WavEncoder, FlacEncoder, OpusEncoder)
    return next((kind for kind in preferred if kind.suffix.lstrip(".") in formats), WavEncoder)


def is_nearby(host: str) -> bool:
    """Whether `host` is this machine or in its own network, by its name or address alone."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return is_loopback(host) or "." not in host or host.endswith(".local")


class _FfmpegEncoder:
    """FFmpeg's encoder and container, writing to an unseekable output."""

    def __init__(self, container: str, codec: str, bit_s: int | None = None, **options: str) -> None:
        import av
        from av.audio.stream import AudioStream

        self._av = av
        self._out = bytearray()
        self._file = av.open(self, "w", format=container, options={"flush_packets": "1", **options})
        stream = self._file.add_stream(codec, rate=RATE_HZ)
        assert isinstance(stream, AudioStream)
        stream.codec_context.layout, stream.codec_context.format = "mono", "s16"
        if bit_s:
            stream.codec_context.bit_rate = bit_s
        self._stream = stream
        self._sample_count = 0

    def write(self, data: bytes) -> int:
        """Append `data`; called by the container."""
        self._out += data
        return len(data)

    def encode(self, frame: Frame) -> bytes:
        audio = self._av.AudioFrame.from_ndarray(_to_int16(frame)[np.newaxis], format="s16", layout="mono")
        audio.sample_rate, audio.pts, audio.time_base = RATE_HZ, self._sample_count, Fraction(1, RATE_HZ)
        self._sample_count += len(frame)
        self._file.mux(self._stream.encode(audio))
        return self._take_output()

    def finish(self) -> bytes:
        if self._sample_count:
            self._file.mux(self._stream.encode(None))
        self._file.close()
        return self._take_output()

    def _take_output(self) -> bytes:
        out = bytes(self._out)
        self._out.clear()
        return out


def _to_int16(frame: Frame) -> NDArray[np.int16]:
    return np.clip(np.rint(frame * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
