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

MIN_RATE_HZ = 4000
"""Lowest rate: half that of telephones. A file of a few kilobytes at 2 Hz would be gigabytes at 16 kHz."""

MAX_HOURS = 1.0
"""Longest audio: 0.23 GB in memory. A file of 25 MB may last for days, silence is compressed that much."""


def decode_audio(content: bytes) -> Audio:
    """Return the first audio stream of a file, shape (n,), mono at 16 kHz. Blocks. Raises `RequestRefusedError`."""
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ, threads=1)
    samples = np.empty(round((MAX_HOURS * 3600 + 1) * RATE_HZ), np.float32)  # what is not filled takes no memory
    count, length_s = 0, 0.0
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
    try:
        with av.open(io.BytesIO(content), mode="r", options=options) as container:
            if not container.streams.audio:
                raise RequestRefusedError(400, "no_audio", "There is no audio in the file.")
            for frame in chain(container.decode(audio=0), [None]):
                if frame is not None:
                    length_s += _check_rate(frame.sample_rate) * frame.samples
                if length_s > MAX_HOURS * 3600:
                    raise RequestRefusedError(400, "audio_too_long", f"The audio lasts longer than {MAX_HOURS:g} h.")
                for part in resampler.resample(frame):
                    new = part.to_ndarray().reshape(-1)[: len(samples) - count]
                    np.clip(np.nan_to_num(new), -1.0, 1.0, out=samples[count : count + len(new)])
                    count += len(new)
    except (av.FFmpegError, ValueError, OSError, MemoryError) as error:
        raise RequestRefusedError(
            400, "invalid_file", "The file is no audio that can be read. Send FLAC, MP3, MP4, Ogg, WAV or WebM."
        ) from error
    if not count:
        raise RequestRefusedError(400, "no_audio", "There is no audio in the file.")
    return samples[:count]


def _check_rate(rate_hz: int) -> float:
    """Return the seconds of a sample. Raises `RequestRefusedError`."""
    if rate_hz < MIN_RATE_HZ:
        raise RequestRefusedError(400, "invalid_rate", f"The audio has fewer than {MIN_RATE_HZ} samples a second.")
    return 1 / rate_hz
