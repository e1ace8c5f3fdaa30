"""Which models need Whisper beside them, and which Whisper it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.stt.local.language_guide import needs_guide, needs_text_check
from desktop.stt.local.model_choice import find_guide_model
from desktop.stt.traits import load_traits
from models.catalog import load_catalog
from models.store import ModelStore
from tests.speech.conftest import MODELS
from tests.support.lent_files import lend

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("family", "known", "allowed", "is_needed"),
    [
        ("parakeet", ("en", "de"), ("en", "de"), True),
        ("canary", ("en", "fr"), ("en", "fr"), True),
        ("canary", ("en", "fr"), ("fr",), False),
        ("canary", ("en", "fr"), (), True),
        ("moonshine", ("en",), ("en",), False),
        ("moonshine", ("en",), (), False),
        ("moonshine", ("en",), ("en", "zh"), True),
        ("moonshine", ("en",), ("de",), True),
        ("qwen3-asr", ("en", "zh"), ("zh",), False),
        ("qwen3-asr", ("en", "zh"), ("zh", "en"), False),
        ("qwen3-asr", ("en", "zh"), ("zh", "sw"), True),
        ("whisper", (), ("en", "zh"), False),
        ("whisper", (), (), False),
        ("whisper", ("en",), ("en", "zh"), True),
    ],
)
def test_whisper_is_needed_where_the_model_cannot_tell(
    family: str, known: tuple[str, ...], allowed: tuple[str, ...], is_needed: bool
) -> None:
    assert needs_guide(load_traits(family), known, allowed) is is_needed


def test_texts_are_checked_of_models_that_take_no_language() -> None:
    parakeet = load_traits("parakeet")
    assert needs_text_check(parakeet, ("en", "de"), ("de",))
    assert not needs_text_check(parakeet, ("en", "de"), ())
    assert not needs_text_check(parakeet, ("en",), ("en",))
    assert not needs_text_check(load_traits("canary"), ("en", "de"), ("de",))


async def test_installed_multilingual_whisper_is_found(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    lend(MODELS / "tiny.en", tmp_path / "tiny.en")
    assert await find_guide_model(store, ("moonshine-base",)) is None
    lend(MODELS / "base", tmp_path / "base")
    found = await find_guide_model(store, ("moonshine-base",))
    assert found is not None
    assert (found.name, found.family) == ("base", "whisper")
    assert await find_guide_model(store, ("base",)) is None


async def test_whisper_larger_than_small_guides_on_a_card_alone(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, {"medium": replace(load_catalog("speech")["base"], name="medium")})
    lend(MODELS / "base", tmp_path / "medium")
    assert await find_guide_model(store, (), cuda=False) is None
    found = await find_guide_model(store, (), cuda=True)
    assert found is not None
    assert found.name == "medium"
