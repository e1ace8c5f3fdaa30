"""A model is fetched and proved by the languages that were measured, where those are all that it is offered for."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from models.catalog import CatalogModel, load_catalog
from models.store import ModelStore
from tests.prove.engines import AROUND, EngineLines
from tests.prove.models import MEASURED, describe_languages, is_proved, megabytes, prove_models, pull, report
from tests.prove.record import Run
from tests.support.hub import CONTENT, listing, model, serving

SPEECH = load_catalog("speech")
ROUND = {"words_of_bare": 0.95, "empty": 0}
BASE = {
    "clips": {"wer": 5.0, "words": 100, "empty": 0},
    "joined": {"wer": 6.0, "words": 100, "empty": 0},
    "around": {"bare": ROUND, "before_1": ROUND},
}


def better(part: str = "clips", **worse: Any) -> dict[str, dict[str, Any]]:
    """Figures that are better than base's, but for what is worse in a part."""
    found: dict[str, dict[str, Any]] = {**BASE, "clips": {**BASE["clips"], "wer": 4.0}}
    return {**found, part: {**found[part], **worse}}


@pytest.mark.parametrize(
    ("name", "proved"),
    [
        ("parakeet-v2", True),
        ("moonshine-small", True),
        ("parakeet-v3", False),
        ("canary-180m", False),
        ("qwen3-asr-0.6b", False),
        ("whisper-turbo-vulkan", False),
    ],
)
def test_english_proves_models_for_english_alone(name: str, proved: bool) -> None:
    assert MEASURED == ("en",)
    assert is_proved(SPEECH[name], better(), BASE, 0) == proved


def test_model_is_proved_once_all_its_languages_are_measured() -> None:
    other = replace(SPEECH["parakeet-v3"], languages=("en", "de"))
    assert not is_proved(other, better(), BASE, 0)
    assert is_proved(other, better(), BASE, 0, ("de", "en", "fr"))


@pytest.mark.parametrize(
    ("mine", "spoken"),
    [
        (better(wer=5.1), 0),
        (better("joined", wer=6.1), 0),
        (better("joined", words=0), 0),
        (better(empty=1), 0),
        (better("around", before_1={"words_of_bare": 0.89, "empty": 0}), 0),
        (better("around", before_1={"words_of_bare": 0.95, "empty": 1}), 0),
        (better(), 1),
    ],
)
def test_model_that_is_worse_than_base_or_deaf_is_not_proved(mine: dict[str, Any], spoken: int) -> None:
    assert not is_proved(SPEECH["parakeet-v2"], mine, BASE, spoken)


def test_languages_that_were_not_measured_are_named() -> None:
    assert describe_languages(SPEECH["parakeet-v2"]) == "measured in en"
    assert describe_languages(SPEECH["canary-180m"]) == "measured in en, not in de, es, fr"
    assert describe_languages(SPEECH["whisper-turbo-vulkan"]) == "measured in en, not in its other languages"


def line(key: str, name: str, **other: Any) -> dict[str, Any]:
    counted = {"words": 100, "edits": 5, "deletions": 1, "insertions": 1, "heard": 99, "marks": 500}
    state = {"seconds": 40.0, "decode_s": 4.0, "looped": False, "lost_tail": False, "guards": []}
    return {"key": f"{key} {name} parakeet-v2", **counted, **state, **other}


def measured(**mine: Any) -> EngineLines:
    """Lines of parakeet-v2 and base, which are the same but for what is `mine`."""
    keys = {"clips": ["clips en/a"], "joined": ["joined en/00"], "nothing": ["nothing room/000"]}
    keys["around"] = [f"around {name}/a" for name in AROUND]
    silent = {"heard": 0, "marks": 0}
    return {
        part: {
            name: [line(key, name, **(silent if part == "nothing" else {}), **of) for key in given]
            for name, of in (("parakeet-v2", mine), ("base", {}))
        }
        for part, given in keys.items()
    }


@pytest.mark.parametrize(
    ("mine", "is_full", "proved"), [({}, True, True), ({}, False, False), ({"edits": 6}, True, False)]
)
def test_card_says_what_was_measured_and_whether_it_is_proved(
    mine: dict[str, Any], is_full: bool, proved: bool
) -> None:
    found = report(SPEECH["parakeet-v2"], measured(**mine), 812, is_full=is_full)
    card = tomllib.loads(found["card"])["parakeet-v2"]
    assert card == {"memory_mb": 812, "proved": proved}
    assert "10.0 times speech" in found["card"]
    assert found["nothing"] == {"clips": 1, "words": 0, "clips_with_text": 0}


def test_mapped_weights_of_two_lanes_count_once() -> None:
    def entry(at: str, file: str, inode: int, rss: int, private: int) -> str:
        sizes = f"Rss: {rss} kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: {private} kB\nTHPeligible: 0\n"
        return f"{at}000-{at}fff r--p 00000000 fe:00 {inode}  {file}\n{sizes}VmFlags: rd mr\n"

    weights = [entry(at, "/models/a b-Q8_0.gguf", 7, 60_000, 0) for at in ("1", "2")]
    smaps = entry("3", "/lib/libc.so.6", 8, 2_000, 400) + "".join(weights) + entry("4", "", 0, 100_000, 99_600)
    assert megabytes(smaps) == round(160_000 * 1024 / 1e6)


def unproved() -> CatalogModel:
    known = model()
    return replace(known, hub=replace(known.hub, pins="third-party"), is_proved=False)


def test_model_is_pulled_once_its_pins_are_those_of_the_hub(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, {"tiny": unproved()})
    with serving() as hub:
        hub.listed = listing({**CONTENT, "model.bin": b"other"})
        assert "the hub has another model.bin" in anyio.run(pull, store, "tiny", hub.address)
        assert hub.listings == 1
        hub.listed = listing(CONTENT)
        assert anyio.run(pull, store, "tiny", hub.address) == ""
        assert store.installed_source("tiny") is not None
    assert anyio.run(pull, store, "tiny", hub.address) == ""  # it is here, and no hub is asked


def test_models_that_cannot_be_had_are_named_with_the_reason(tmp_path: Path) -> None:
    with serving() as hub:
        gone = hub.address
    found = prove_models(Run("models", 1, 1, tmp_path), ModelStore(tmp_path / "models", {"tiny": unproved()}), gone)
    assert found["skipped_models"] == {"tiny": "the model hub could not be reached"}
    assert found["models"] == []
