"""Speech by Vulkan: a word or two by the app's own client and worker, on the device, on the CPU, and without a driver.

Without a card it runs on a driver by which the processor plays one (`mesa-vulkan-drivers`), which takes minutes for a
second of speech: what is proved is the path, not its speed. Bars: the client says `vulkan` as its device and notes
nothing; the words are those of the CPU; where the driver is taken away, they come from the CPU all the same, and the
note says why. The decode is waited for up to an hour, where the app would step down after a minute and a half.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import Any

import anyio
import numpy as np

from desktop.app.model_cards import VULKAN_FOLDERS, has_vulkan_driver
from desktop.audio.file import read_audio
from desktop.core.types import RATE_HZ, Audio
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.decoding import VULKAN, DecodeRequest
from tests.conftest import sentences
from tests.prove.heard import counts, installed_model
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import power

MODEL = "moonshine-base"
CUT_S = (1.0, 2.0)
"""Between these the sentence is cut, where it is quietest: 3 s took three minutes."""

NO_DRIVER = {"VK_DRIVER_FILES": "/dev/null", "VK_ICD_FILENAMES": "/dev/null"}
PLAYED = {"GGML_VK_VISIBLE_DEVICES": "0"}
"""Without this, ggml hides devices that are played by a processor."""


class _PatientClient(WhisperClient):
    """The app's client, which waits as long as a processor that plays a card takes."""

    load_timeout_s = decode_timeout_s = 3600.0


def prove(run: Run) -> dict[str, Any]:
    """Decode a piece of a sentence three ways."""
    drivers = sorted(path.name for folder in VULKAN_FOLDERS for path in folder.glob("*.json"))
    if not drivers:
        return {"skipped": "Vulkan has no driver here (mesa-vulkan-drivers has one without a card)"}
    is_played = not has_vulkan_driver()
    name = MODEL if run.model == "base" else run.model
    ways: dict[str, tuple[str, Mapping[str, str]]] = {
        "cpu": ("cpu", {}),
        "without_driver": (VULKAN, NO_DRIVER),
        VULKAN: (VULKAN, PLAYED if is_played else {}),
    }
    audio = beginning(read_audio(sentences()[0].path))
    found = {way: anyio.run(run.lines.once, f"{name} {way}", _decode(name, audio, *how)) for way, how in ways.items()}
    return {"played_by_the_processor": is_played, "seconds": len(audio) / RATE_HZ, **judged(found)}


def beginning(audio: Audio) -> Audio:
    """The sentence up to its quietest place within `CUT_S`."""
    first, last = (round(s * RATE_HZ) for s in CUT_S)
    return audio[: first + 320 * int(np.argmin(power(audio[first:last], 320)))]


def judged(found: Mapping[str, Line]) -> dict[str, Any]:
    """The figures of each way, and whether the bars are met."""
    cpu, device, without = found["cpu"], found[VULKAN], found["without_driver"]
    met = {
        "device": device["device"] == VULKAN and not device["note"],
        "words": bool(cpu["text"]) and counts(cpu["text"], device["text"])["edits"] == 0,
        "step_down": without["device"] == "cpu" and without["note"] == "vulkan-failed",
        "words_without_driver": without["text"] == cpu["text"],
    }
    rows = {way: {key: value for key, value in row.items() if key != "key"} for way, row in found.items()}
    return {**rows, "bars": met, "ok": all(met.values())}


def _decode(name: str, audio: Audio, device: str, environ: Mapping[str, str]) -> Callable[[], Any]:
    async def measure() -> Line:
        tell(f"vulkan: on {device} {' '.join(environ)}")
        client = _PatientClient(partial(installed_model, name), ("en",), device)
        try:
            with _environment(environ):
                began = monotonic()
                await client.load()
                loaded = monotonic()
                result = await client.decode(audio, DecodeRequest("9" * (len(audio) // 512), "en"))
            return {
                "device": client.device,
                "note": client.note.code if client.note else "",
                "says": str(client.note or ""),
                "text": result.text,
                "load_s": round(loaded - began, 1),
                "decode_s": round(monotonic() - loaded, 1),
            }
        finally:
            await client.close()

    return measure


@contextmanager
def _environment(given: Mapping[str, str]) -> Iterator[None]:
    """Set these variables for processes that are started meanwhile."""
    before = dict(os.environ)
    os.environ.update(given)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
