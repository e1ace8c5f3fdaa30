"""Measure the upload rate of audio: noise is sent to be transcribed, which a service charges like speech.

It is uncompressed, so that there is something to measure, and noise, so that it reveals nothing. The service's own time
is subtracted where its answer reports it; elsewhere only the sending counts over HTTP/2, whose flow control ties it to
what the server has received, and over HTTP/1.1 the whole time, which gives a lower bound of the rate.
"""

from __future__ import annotations

import io
import secrets
import wave
from urllib.parse import urlencode

import numpy as np

from desktop.core.types import RATE_HZ
from desktop.doctor.network.measurement import ResponseFacts, UploadRate
from desktop.network.client import ServiceAnswer, ServiceClient
from desktop.network.endpoint import Service
from desktop.network.timing import ExchangeTiming

NOISE_SECONDS = 10
"""Seconds of noise: 320 kB, at most 0.1 US cents at any known price."""

NOISE_RMS = 0.01
"""Root mean square of the noise: a quiet room, in which models rarely hear words."""

UPLOAD_TIMEOUT_S = 60.0
"""Timeout in seconds: the time it takes at 50 kbit/s."""


def create_noise() -> bytes:
    """Return noise as a WAV file, 16 bits at `RATE_HZ`."""
    samples = np.random.default_rng(0).normal(0, NOISE_RMS * 32767, NOISE_SECONDS * RATE_HZ).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


async def send_noise(client: ServiceClient, service: Service, engine: str, model: str) -> tuple[int, ServiceAnswer]:
    """Send noise to be transcribed; return the bytes sent and the answer, whatever its status. Raises
    `ServiceError`."""
    audio = create_noise()
    if engine == "deepgram":
        query = urlencode({"model": model})
        headers = {"Content-Type": "audio/wav"}
        return len(audio), await client.request(
            service, "POST", f"/listen?{query}", headers=headers, body=audio, allow_error_status=True
        )
    boundary = secrets.token_hex(16)
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\n{model}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="noise.wav"\r\n'
        "Content-Type: audio/wav\r\n\r\n"
    ).encode() + audio
    body += f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return len(body), await client.request(
        service, "POST", "/audio/transcriptions", headers=headers, body=body, allow_error_status=True
    )


def compute_rate(size: int, timing: ExchangeTiming, facts: ResponseFacts, round_trip_s: float) -> UploadRate | None:
    """Compute the rate of an upload of `size` bytes (pure); None if it cannot be computed."""
    if timing.send_s is None or timing.wait_s is None:
        return None
    total_s = timing.send_s + timing.wait_s - round_trip_s
    if facts.processing_s is not None and total_s > facts.processing_s:
        return UploadRate(size, 8 * size / (total_s - facts.processing_s), at_least=False)
    if timing.http == "HTTP/2" and timing.send_s > 0:
        return UploadRate(size, 8 * size / timing.send_s, at_least=False)
    return UploadRate(size, 8 * size / total_s, at_least=True) if total_s > 0 else None
