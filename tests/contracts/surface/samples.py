"""Commands to run and results to report, of which everything is known: their JSON has every key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from desktop.bench.comparison import WordCounts
from desktop.bench.dataset import ItemResult
from desktop.bench.engines import EngineTake
from desktop.bench.mine import MineSetup
from desktop.bench.release import ReleaseMeasurement
from desktop.core.messages import Message
from desktop.core.types import EMOTION_LABELS, Emotion, Outcome, RuleChange, SentData
from desktop.doctor.network.measurement import ServiceMeasurement, StatusPage
from desktop.doctor.network.verdict import NetworkVerdict
from desktop.history.rows import HistoryEntry
from desktop.network.timing import ExchangeTiming
from models.catalog import load_catalog
from tests.support.bench_history import make_setup

COMMANDS = {
    "transcribe --polish {0}/a.wav": "",
    "transcribe {0}/none.wav": "",
    "polish": "um so hello there",
    "emotion --text": "I am so happy for you!",
    "emotion {0}/none.wav": "",
    "history stats": "",
    "history list": "",
    "history search good": "",
    "history show 1": "",
    "history export {0}/all.jsonl": "",
    "history import {0}/all.jsonl": "",
    "history edit 1": "Good GitHub.",
    "history correct-emotion 1 joy": "",
    "vocabulary learn 1": "",
    "vocabulary list": "",
    "vocabulary add a b": "",
    "vocabulary add --word Ada": "",
    "vocabulary export {0}/all.toml": "",
    "vocabulary import {0}/all.toml": "",
    "vocabulary remove a": "",
    "history delete 2": "",
    "history forget-emotions --yes": "",
    "history clear --yes": "",
    "models list": "",
    "prompts": "",
    "settings describe polish.mode": "",
    "models path tiny": "",
    "key test compatible": "",
}
"""Commands that are run in this order, without their `--json`, and what they are given on standard input."""


def endpoint() -> ServiceMeasurement:
    """A service of which all is known."""
    return ServiceMeasurement(
        "openai", "host", "OpenAI", cold=ExchangeTiming(), warm=ExchangeTiming(), status_page=StatusPage("", "")
    )


def verdict() -> NetworkVerdict:
    return NetworkVerdict("network", Message("verdict-upload-slow", rate="1"))


def releases() -> list[ReleaseMeasurement]:
    return [ReleaseMeasurement(length_s, length_s, 1.0, 1.0, 1.0, 1.0, 0) for length_s in (3.0, 30.0, 120.0)]


def takes() -> list[EngineTake]:
    return [EngineTake("a", "base", 0, length_s, 1.0, 1.0, "we met", 1, 2) for length_s in (3.0, 30.0, 120.0)]


def mine() -> tuple[MineSetup, dict[tuple[str, str], WordCounts]]:
    """Two models on a recording that was checked."""
    setup = make_setup([("we met", "we met", True)], ("base", "tiny"))
    return setup, {(setup.drawn[0].key, name): WordCounts(2, 1, 1, 1, 200.0) for name in setup.models}


def heard() -> list[ItemResult]:
    """One recording that lost its end, and one with doubled words."""
    return [
        ItemResult(
            "a", "base", 0, "en", "we met in the old town", "We met.", "we met in", "We met in the old town.", 1.0
        ),
        ItemResult("b", "base", 0, "en", "i will go home", "", "I will go, I will go home.", "I will go home.", 1.0),
    ]


def entry() -> HistoryEntry:
    """A dictation of which everything is known."""
    return HistoryEntry(
        started_at=datetime.now(UTC),
        app="kate",
        window="a window",
        raw_text="good get hub",
        text="Good get hub.",
        language="en",
        duration_s=1.0,
        engine="whisper",
        model="base",
        release_to_text_ms=1.0,
        delivery=Outcome.INSERTED,
        emotion=Emotion("joy", 1.0, 1.0, 1.0, scores=(0.1,) * len(EMOTION_LABELS)),
        audio_path=Path("20260101-120000-000000.flac"),
        decode_s=1.0,
        device="cpu",
        paste_ms=1.0,
        sent=(SentData("localhost", "speech"),),
        changed=(RuleChange("spacing", "a", "b"),),
    )


def install_model(here: Path, model: str) -> None:
    """Lay files of the right sizes where a model belongs."""
    folder = here / "models" / model
    folder.mkdir(parents=True)
    for file in load_catalog()[model].hub.files:
        with (folder / file.name).open("wb") as stream:
            stream.truncate(file.size)
