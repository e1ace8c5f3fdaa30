"""How fast audio goes up: noise is sent to be transcribed, which a service charges as it does speech.

It is uncompressed, so that there is something to measure, and noise, so that nothing is said to anybody. What of the
time was the service's work is known where the answer says so; elsewhere the sending alone counts, where HTTP/2 holds it
to what the other side has taken, and over HTTP/1.1 all of the time, which gives the least that the rate can be.
"""

from __future__ import annotations

import io
import secrets
import wave
from urllib.parse import urlencode

import numpy as np

from desktop.doctor.network.measured import Told, Upload
from desktop.network import Answer, Client, Phases, Service
from desktop.ports import RATE_HZ

SECONDS = 10
"""Of noise: 320 kB, and at most 0.1 US cents at any price that is known."""

LOUDNESS = 0.01
"""Root mean square: a quiet room, in which no model hears words for long."""

PATIENCE_S = 60.0
"""When it is given up: at 50 kbit/s that is what it takes."""


def noise(seconds: float = SECONDS) -> bytes:
    """Noise as a WAV file, 16 bits at `RATE_HZ`."""
    samples = np.random.default_rng(0).normal(0, LOUDNESS * 32767, round(seconds * RATE_HZ)).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(RATE_HZ)
        made.writeframes(samples.tobytes())
    return file.getvalue()


async def send(client: Client, service: Service, engine: str, model: str) -> tuple[int, Answer]:
    """Have noise transcribed; the bytes that were sent, and the answer, whatever it is. Raises `ServiceProblem`."""
    audio = noise()
    if engine == "deepgram":
        query = urlencode({"model": model})
        headers = {"Content-Type": "audio/wav"}
        return len(audio), await client.ask(
            service, "POST", f"/listen?{query}", headers=headers, body=audio, anyhow=True
        )
    boundary = secrets.token_hex(16)
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\n{model}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="noise.wav"\r\n'
        "Content-Type: audio/wav\r\n\r\n"
    ).encode() + audio
    body += f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return len(body), await client.ask(
        service, "POST", "/audio/transcriptions", headers=headers, body=body, anyhow=True
    )


def rate(size: int, phases: Phases, told: Told, round_trip_s: float) -> Upload | None:
    """The rate of an upload of `size` bytes (pure)."""
    if phases.send_s is None or phases.wait_s is None:
        return None
    whole_s = phases.send_s + phases.wait_s - round_trip_s
    if told.processing_s is not None and whole_s > told.processing_s:
        return Upload(size, 8 * size / (whole_s - told.processing_s), at_least=False)
    if phases.http == "HTTP/2" and phases.send_s > 0:
        return Upload(size, 8 * size / phases.send_s, at_least=False)
    return Upload(size, 8 * size / whole_s, at_least=True) if whole_s > 0 else None
