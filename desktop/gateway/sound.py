"""Decode audio that another program has sent, in memory, in the process of the endpoint.

FFmpeg's formats that name other files or addresses (playlists, lists to join) are not among those that are read.
"""

from __future__ import annotations

import io
from itertools import chain

import numpy as np

from desktop.core.types import RATE_HZ, Audio
from desktop.gateway.refusal import RequestRefusedError

FORMATS = "flac,mp3,mov,mp4,m4a,mpeg,ogg,wav,w64,matroska,webm,aac,aiff"
"""Demuxers of FFmpeg that are used: those of OpenAI's formats, and plain ones."""

MAX_HOURS = 1.0
"""Longest audio: 0.23 GB in memory. A file of 25 MB may last for days, silence is compressed that much."""


def decode_audio(content: bytes) -> Audio:
    """Return the first audio stream of a file, shape (n,), mono at 16 kHz. Blocks. Raises `RequestRefusedError`."""
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ, threads=1)
    samples, max_bytes = bytearray(), round(MAX_HOURS * 3600 * RATE_HZ) * np.dtype(np.float32).itemsize
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
    try:
        with av.open(io.BytesIO(content), mode="r", options=options) as container:
            if not container.streams.audio:
                raise RequestRefusedError(400, "no_audio", "There is no audio in the file.")
            for frame in chain(container.decode(audio=0), [None]):
                for part in resampler.resample(frame):
                    samples += part.to_ndarray().astype(np.float32, copy=False).tobytes()
                if len(samples) > max_bytes:
                    raise RequestRefusedError(400, "audio_too_long", f"The audio lasts longer than {MAX_HOURS:g} h.")
    except (av.FFmpegError, ValueError, OSError, MemoryError) as error:
        raise RequestRefusedError(
            400, "invalid_file", "The file is no audio that can be read. Send FLAC, MP3, MP4, Ogg, WAV or WebM."
        ) from error
    audio = np.frombuffer(samples, np.float32)
    if not len(audio):
        raise RequestRefusedError(400, "no_audio", "There is no audio in the file.")
    return np.clip(np.nan_to_num(audio), -1.0, 1.0)
