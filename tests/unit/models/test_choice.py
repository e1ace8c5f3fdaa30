"""What `auto` means and why, and what is offered beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.messages import Message
from models.catalog import load_catalog
from models.choice import CHOOSABLE, ModelChoice, choose_model, explain_choice
from models.recommend import Machine, ModelOffer, offer_models

SPEECH = load_catalog("speech")
ROOM = 10**12
STRONG = Machine(16_000, 8, False, ROOM, free_memory_mb=8_000)
WEAK = Machine(4_000, 2, False, ROOM, free_memory_mb=1_400)
VULKAN = Machine(16_000, 2, False, ROOM, free_memory_mb=8_000, vulkan=True)
STRONG_VULKAN = Machine(16_000, 8, False, ROOM, free_memory_mb=8_000, vulkan=True)
CUDA = Machine(16_000, 8, True, ROOM, free_memory_mb=8_000, vulkan=True)

EVERYTHING = tuple(SPEECH)
PACKAGES = ("base", "tiny.en")


@pytest.mark.parametrize(
    ("installed", "fetchable", "hardware", "choice"),
    [
        # On a CPU base is wanted, and small where it is fast enough.
        ((), EVERYTHING, {"cuda": False}, ModelChoice(None, "base")),
        ((), EVERYTHING, {"cuda": False, "small_is_fast": True}, ModelChoice(None, "small")),
        (("base",), EVERYTHING, {"cuda": False}, ModelChoice("base", None)),
        (("base",), EVERYTHING, {"cuda": False, "small_is_fast": True}, ModelChoice("base", "small")),
        (("small", "base"), EVERYTHING, {"cuda": False}, ModelChoice("base", None)),
        (("small", "base"), EVERYTHING, {"cuda": False, "small_is_fast": True}, ModelChoice("small", None)),
        # A smaller one that is there is used while the better one comes.
        (("tiny.en",), EVERYTHING, {"cuda": False}, ModelChoice("tiny.en", "base")),
        (("tiny",), (), {"cuda": False}, ModelChoice("tiny", None)),
        # A slow one is used rather than none, and never fetched.
        (("large-v3",), EVERYTHING, {"cuda": False}, ModelChoice("large-v3", "base")),
        # A model for all languages comes before one for English.
        (("tiny", "base.en"), (), {"cuda": False}, ModelChoice("tiny", None)),
        # CUDA wants large-v3-turbo, and whatever else there is until it comes.
        ((), EVERYTHING, {"cuda": True}, ModelChoice(None, "large-v3-turbo")),
        (("base",), EVERYTHING, {"cuda": True}, ModelChoice("base", "large-v3-turbo")),
        (("large-v3-turbo", "base"), EVERYTHING, {"cuda": True}, ModelChoice("large-v3-turbo", None)),
        # Without the hub there is what the packages have.
        ((), PACKAGES, {"cuda": True}, ModelChoice(None, "base")),
        ((), PACKAGES, {"cuda": False, "small_is_fast": True}, ModelChoice(None, "base")),
        (("small",), PACKAGES, {"cuda": True}, ModelChoice("small", None)),
        ((), ("tiny.en",), {"cuda": False}, ModelChoice(None, "tiny.en")),
        ((), (), {"cuda": False}, ModelChoice(None, None)),
    ],
)
def test_auto_chooses(
    installed: tuple[str, ...], fetchable: tuple[str, ...], hardware: dict[str, bool], choice: ModelChoice
) -> None:
    assert choose_model(installed, fetchable, **hardware) == choice
    assert choose_model(installed, fetchable, **hardware, languages=("de",)) == choice
    assert choose_model(installed, fetchable, **hardware, languages=("en", "de")) == choice


@pytest.mark.parametrize(
    ("installed", "fetchable", "choice"),
    [
        # A new user gets Whisper, and is offered Moonshine.
        ((), EVERYTHING, ModelChoice(None, "base")),
        ((), ("base", "tiny.en", "moonshine-base"), ModelChoice(None, "base")),
        ((), PACKAGES, ModelChoice(None, "base")),
        ((), (), ModelChoice(None, None)),
        # What is there stays, and what it would have fetched as well.
        (("base",), EVERYTHING, ModelChoice("base", None)),
        (("small",), EVERYTHING, ModelChoice("small", "base")),
        (("tiny",), EVERYTHING, ModelChoice("tiny", "base")),
        (("large-v3",), EVERYTHING, ModelChoice("large-v3", "base")),
        # Once it is installed it is used.
        (("moonshine-base",), EVERYTHING, ModelChoice("moonshine-base", None)),
        (("base", "moonshine-base"), EVERYTHING, ModelChoice("moonshine-base", None)),
        # What was never run here is never chosen.
        (("parakeet-v2", "parakeet-unified", "moonshine-medium"), (), ModelChoice(None, None)),
        (("parakeet-v2",), EVERYTHING, ModelChoice(None, "base")),
        (("parakeet-v2", "base"), EVERYTHING, ModelChoice("base", None)),
    ],
)
@pytest.mark.parametrize("languages", [("en",), ("en-GB",), ("en", "en-US")])
def test_auto_chooses_for_english_alone(
    languages: tuple[str, ...], installed: tuple[str, ...], fetchable: tuple[str, ...], choice: ModelChoice
) -> None:
    assert choose_model(installed, fetchable, cuda=False, languages=languages) == choice


@pytest.mark.parametrize("languages", [(), ("de",), ("en", "de"), ("zh",)])
def test_model_for_english_is_left_for_other_languages(languages: tuple[str, ...]) -> None:
    choice = choose_model(("moonshine-base",), EVERYTHING, cuda=False, languages=languages)
    assert choice == ModelChoice("moonshine-base", "base")
    assert choose_model(("moonshine-base", "tiny"), (), cuda=False, languages=languages).installed == "tiny"


def test_card_runs_whisper_in_english_too() -> None:
    choice = choose_model((), EVERYTHING, cuda=True, languages=("en",))
    assert choice == ModelChoice(None, "large-v3-turbo")


def test_every_choosable_model_is_proved() -> None:
    assert {name for name in SPEECH if name in CHOOSABLE} == CHOOSABLE
    assert all(SPEECH[name].is_proved for name in CHOOSABLE)


@pytest.mark.parametrize(
    ("name", "cuda", "languages", "reason", "said"),
    [
        ("moonshine-base", False, ("en",), "auto-english", "makes fewer mistakes than Whisper base"),
        ("base", False, ("en",), "auto-kept", "Whisper base is installed, and stays"),
        ("base", False, (), "auto-any-language", "No language is chosen"),
        ("base", False, ("de",), "auto-one-language", "knows the chosen language"),
        ("small", False, ("en", "de"), "auto-several-languages", "Several languages are chosen"),
        ("large-v3-turbo", True, ("en",), "auto-cuda", "NVIDIA"),
        ("moonshine-base", False, ("en", "de"), "auto-meanwhile", "knows English alone"),
        ("moonshine-base", True, ("en",), "auto-meanwhile", "answers until another model is here"),
        ("moonshine-base", True, ("en", "de"), "auto-meanwhile", "knows English alone"),
        ("tiny.en", False, (), "auto-meanwhile", "knows English alone"),
        ("base", False, ("yue",), "auto-unknown-language", "does not know every language"),
        ("medium", False, ("en", "yue"), "auto-unknown-language", "does not know every language"),
        ("large-v3-turbo", False, ("yue",), "auto-one-language", "knows the chosen language"),
        ("large-v3", True, ("yue",), "auto-cuda", "NVIDIA"),
        ("small", True, ("yue",), "auto-unknown-language", "does not know every language"),
    ],
)
def test_choice_is_explained(name: str, cuda: bool, languages: tuple[str, ...], reason: str, said: str) -> None:
    assert explain_choice(SPEECH, name, cuda=cuda, languages=languages) == reason
    assert said in str(Message(reason, name=f"Whisper {name}"))


@pytest.mark.parametrize(
    ("machine", "languages", "used", "offers"),
    [
        (WEAK, ("en",), "base", [("moonshine-base", "offer-english")]),
        (WEAK, ("en",), "moonshine-base", []),
        (
            STRONG,
            ("en",),
            "base",
            [("moonshine-base", "offer-english"), ("parakeet-unified", "offer-large-english")],
        ),
        (STRONG, ("en",), "moonshine-base", [("parakeet-unified", "offer-large-english")]),
        # Parakeet and Qwen3 run on the processor, also where Vulkan has a card.
        (VULKAN, ("en",), "moonshine-base", []),
        (STRONG_VULKAN, ("en",), "moonshine-base", [("parakeet-unified", "offer-large-english")]),
        (VULKAN, ("zh",), "base", [("whisper-turbo-vulkan", "offer-gpu")]),
        (STRONG, ("en",), "", [("moonshine-base", "offer-english"), ("parakeet-unified", "offer-large-english")]),
        # A worse model than the used one, or one as good, is never offered.
        (STRONG, ("en",), "parakeet-unified", []),
        (STRONG, ("en",), "small", [("parakeet-unified", "offer-large-english")]),
        (WEAK, ("en",), "small.en", []),
        (WEAK, ("en",), "base.en", [("moonshine-base", "offer-english")]),
        (WEAK, ("en",), "tiny.en", [("moonshine-base", "offer-english")]),
        (STRONG, ("en",), "large-v3", []),
        (STRONG, ("de",), "large-v3-turbo", []),
        (STRONG, ("de",), "medium", [("parakeet-v3", "offer-european")]),
        (STRONG, ("zh",), "medium", []),
        (STRONG, ("zh",), "small", [("qwen3-asr-0.6b", "offer-asian")]),
        (VULKAN, (), "large-v3", []),
        (STRONG, ("de",), "base", [("parakeet-v3", "offer-european")]),
        (WEAK, ("de",), "base", []),
        (STRONG, ("de", "fr"), "base", []),
        (STRONG, ("sw",), "base", []),
        (STRONG, (), "base", []),
        (STRONG, ("zh",), "base", [("qwen3-asr-0.6b", "offer-asian")]),
        (STRONG, ("zh-TW", "en"), "base", [("qwen3-asr-0.6b", "offer-asian")]),
        (STRONG, ("zh", "sw"), "base", []),
        (WEAK, ("zh",), "base", []),
        (VULKAN, ("sw",), "base", [("whisper-turbo-vulkan", "offer-gpu")]),
        (VULKAN, (), "base", [("whisper-turbo-vulkan", "offer-gpu")]),
        (VULKAN, ("de",), "base", [("whisper-turbo-vulkan", "offer-gpu")]),
        (STRONG_VULKAN, ("de",), "base", [("parakeet-v3", "offer-european"), ("whisper-turbo-vulkan", "offer-gpu")]),
        (CUDA, ("en",), "large-v3-turbo", []),
        (CUDA, ("de",), "base", []),
    ],
)
def test_offers(machine: Machine, languages: tuple[str, ...], used: str, offers: list[tuple[str, str]]) -> None:
    found = offer_models(SPEECH, machine, languages, used)
    assert [(offer.name, offer.reason) for offer in found] == offers
    assert all(str(Message(offer.reason, name="A model")) for offer in found)


def test_nothing_is_offered_that_does_not_fit() -> None:
    full = Machine(16_000, 8, False, 100, free_memory_mb=8_000)
    assert offer_models(SPEECH, full, ("en",), "base") == ()
    assert offer_models(SPEECH, full, ("en",), "base", ("moonshine-base",)) == (
        ModelOffer("moonshine-base", "offer-english"),
    )
    tight = Machine(16_000, 2, False, 100_000_000, free_memory_mb=8_000)
    assert offer_models(SPEECH, tight, ("en",), "base") == (), "its package takes 188 MB while it is installed"
    assert offer_models(SPEECH, replace(tight, free_bytes=188_000_000), ("en",), "base") != ()
    small = Machine(1_600, 2, False, ROOM)
    assert offer_models(SPEECH, small, ("en",), "base") == ()


def test_memory_that_is_free_now_decides() -> None:
    busy = Machine(16_000, 8, False, ROOM, free_memory_mb=2_000)
    assert offer_models(SPEECH, busy, ("de",), "base") == ()
    unknown = Machine(16_000, 8, False, ROOM)
    assert offer_models(SPEECH, unknown, ("de",), "base") != ()
