"""A model is proved by the languages that were measured, where those are all that it is offered for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.catalog import load_catalog
from tests.prove.models import MEASURED, describe_languages, is_proved

SPEECH = load_catalog("speech")
BASE = {"wer": 5.0, "wer_joined": 6.0, "empty": 0}
BETTER = {"wer": 4.0, "wer_joined": 6.0, "empty": 0}


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
    assert is_proved(SPEECH[name], BETTER, BASE, 0) == proved


def test_model_is_proved_once_all_its_languages_are_measured() -> None:
    model = replace(SPEECH["parakeet-v3"], languages=("en", "de"))
    assert not is_proved(model, BETTER, BASE, 0)
    assert is_proved(model, BETTER, BASE, 0, ("de", "en", "fr"))


@pytest.mark.parametrize(
    ("figures", "spoken"), [({"wer": 5.1}, 0), ({"wer_joined": None}, 0), ({"empty": 1}, 0), ({}, 1)]
)
def test_model_that_is_worse_than_base_is_not_proved(figures: dict[str, Any], spoken: int) -> None:
    assert not is_proved(SPEECH["parakeet-v2"], {**BETTER, **figures}, BASE, spoken)


def test_languages_that_were_not_measured_are_named() -> None:
    assert describe_languages(SPEECH["parakeet-v2"]) == "measured in en"
    assert describe_languages(SPEECH["canary-180m"]) == "measured in en, not in de, es, fr"
    assert describe_languages(SPEECH["whisper-turbo-vulkan"]) == "measured in en, not in its other languages"
