"""What a card says of a model, which model is advised, and what may be deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.app import model_cards
from desktop.app.model_cards import (
    WHISPER,
    build_model_cards,
    find_model_folder,
    find_models_in_use,
    find_surest_offer,
    inspect_machine,
)
from desktop.settings.schema import Settings
from models.catalog import load_catalog
from models.recommend import Machine, recommend_model
from models.store import ModelStore

MODELS = load_catalog()
ROOM = 10**12


def settings(**groups: dict[str, object]) -> Settings:
    return Settings.model_validate(groups)


def put(store: ModelStore, *names: str) -> None:
    """Lay files of the right sizes where the models belong."""
    for name in names:
        store.model_path(name).mkdir(parents=True)
        for file in store.models[name].hub.files:
            with (store.model_path(name) / file.name).open("wb") as stream:
                stream.truncate(file.size)


@pytest.mark.parametrize(
    ("memory_mb", "cores", "cuda", "free", "languages", "speeds", "advised"),
    [
        (16_000, 4, False, ROOM, (), {}, "base"),
        (16_000, 8, False, ROOM, (), {}, "small"),
        (16_000, 8, False, ROOM, ("en",), {}, "moonshine-base"),
        (16_000, 8, False, ROOM, ("en",), {"moonshine-base": 3.0}, "small"),
        (16_000, 8, True, ROOM, ("en",), {}, "large-v3-turbo"),
        (16_000, 8, False, ROOM, (), {"base": 8.0}, "base"),
        (16_000, 2, False, ROOM, (), {"base": 16.0}, "small"),
        (16_000, 2, False, ROOM, (), {"base": 16.0, "small": 3.0}, "base"),
        (16_000, 4, True, ROOM, ("de",), {}, "large-v3-turbo"),
        (3_000, 4, True, ROOM, (), {}, "small"),
        (2_000, 8, False, ROOM, (), {}, "base"),
        (1_850, 2, False, ROOM, (), {}, "tiny"),
        (1_850, 2, False, ROOM, ("en",), {}, "moonshine-base"),
        (1_850, 2, False, ROOM, ("en",), {"moonshine-base": 3.0}, "tiny.en"),
        (1_000, 2, False, ROOM, (), {}, None),
        (0, 4, False, ROOM, (), {}, "base"),
        (16_000, 1, False, ROOM, ("de",), {}, "tiny"),
        (16_000, 1, False, ROOM, ("en", "de"), {}, "tiny"),
        (16_000, 8, False, 200_000_000, (), {}, "base"),
        (16_000, 8, False, 100_000_000, (), {}, "tiny"),
        (16_000, 8, False, 1_000, (), {}, None),
        (16_000, 1, False, ROOM, ("en",), {}, "tiny.en"),
        (16_000, 1, False, ROOM, ("en",), {"moonshine-base": 5.0}, "moonshine-base"),
        (16_000, 2, False, 150_000_000, ("en",), {}, "base"),
    ],
)
def test_the_model_of_speech_that_is_advised(
    memory_mb: int,
    cores: int,
    cuda: bool,
    free: int,
    languages: tuple[str, ...],
    speeds: dict[str, float],
    advised: str | None,
) -> None:
    assert recommend_model(MODELS, Machine(memory_mb, cores, cuda, free), languages, speeds) == advised


@pytest.mark.parametrize(
    ("used", "speeds", "languages", "advised"),
    [
        ("small", {"small": 9.0, "moonshine-base": 5.0}, ("en",), "small"),
        ("medium", {"medium": 4.5, "moonshine-base": 5.0}, ("en",), "medium"),
        ("medium", {"medium": 4.5}, ("de",), "medium"),
        ("base", {"base": 9.0, "moonshine-base": 5.0}, ("en",), "moonshine-base"),
        ("moonshine-base", {"moonshine-base": 5.0}, ("en",), "moonshine-base"),
        # One that is slow, of which nothing was measured, or that does not know the language.
        ("medium", {"medium": 2.0}, ("en",), "moonshine-base"),
        ("medium", {}, ("en",), "moonshine-base"),
        ("moonshine-base", {"moonshine-base": 9.0}, ("de",), "small"),
        # What was never run here is not advised, and nothing worse in its place.
        ("parakeet-v3", {"parakeet-v3": 9.0}, ("de",), None),
    ],
)
def test_nothing_worse_is_advised_than_what_keeps_up(
    used: str, speeds: dict[str, float], languages: tuple[str, ...], advised: str | None
) -> None:
    machine = Machine(16_000, 8, False, ROOM)
    assert recommend_model(MODELS, machine, languages, speeds, (used,), used=used) == advised


def test_what_is_installed_needs_no_room() -> None:
    full = Machine(16_000, 4, False, 0)
    assert recommend_model(MODELS, full) is None
    assert recommend_model(MODELS, full, installed=("base",)) == "base"


@pytest.mark.parametrize(
    ("memory_mb", "cores", "advised"),
    [(16_000, 8, "qwen2.5-1.5b"), (16_000, 2, "qwen3-0.6b"), (3_000, 8, "qwen3-0.6b"), (2_000, 8, None)],
)
def test_the_language_model_that_is_advised(memory_mb: int, cores: int, advised: str | None) -> None:
    assert recommend_model(MODELS, Machine(memory_mb, cores, False, ROOM), kind="language") == advised


def test_every_model_has_card_with_needs_and_source(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models", MODELS)
    put(store, "base")
    found = {
        card.name: card
        for card in build_model_cards(
            store, Settings(), "base", Machine(16_000, 4, False, ROOM), {"base": 9.5, "tiny": 30.0}
        )
    }
    assert list(found) == list(MODELS)
    base, tiny, language = found["base"], found["tiny"], found["qwen3-0.6b"]
    assert (base.installed, base.in_use, base.recommended, base.speed) == (True, True, True, 9.5)
    assert str(base.removal_blocker) == "Whisper base is in use. Choose another model first."
    assert (tiny.installed, tiny.in_use, tiny.recommended, tiny.removal_blocker, tiny.speed) == (
        False,
        False,
        False,
        None,
        30.0,
    )
    assert (language.kind, language.recommended) == ("language", True)
    assert (base.family, base.is_proved, base.offer) == ("whisper", True, None)
    parakeet = found["parakeet-v2"]
    assert (parakeet.family, parakeet.is_proved, parakeet.languages) == ("parakeet", False, ("en",))
    assert "NVIDIA" in parakeet.attribution
    assert [name for name, card in found.items() if card.has_package_mirror] == [
        "tiny.en",
        "base",
        "moonshine-base",
        "smollm2-135m",
    ]
    assert {card.host for card in found.values()} == {"huggingface.co"}
    assert all(1 <= card.accuracy <= 5 for card in found.values())


def test_better_model_for_the_language_is_offered(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models", MODELS)
    put(store, "base")
    machine = Machine(16_000, 4, False, ROOM, free_memory_mb=8_000)
    english = settings(recognizer={"language": ["en"]})
    cards = build_model_cards(store, english, "base", machine, {})
    offers = {card.name: card.offer.code for card in cards if card.offer is not None}
    assert offers == {"moonshine-base": "offer-english", "parakeet-unified": "offer-large-english"}
    assert [card.name for card in cards if card.recommended] == ["moonshine-base", "qwen3-0.6b"]
    taken = settings(recognizer={"language": ["en"], "model": "moonshine-base"})
    cards = build_model_cards(store, taken, "base", machine, {})
    assert [card.name for card in cards if card.offer is not None] == ["parakeet-unified"]


def test_surest_offer_is_the_first_and_not_the_smallest(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models", MODELS)
    put(store, "base")
    machine = Machine(16_000, 4, False, ROOM, free_memory_mb=8_000, vulkan=True)
    cards = build_model_cards(store, settings(recognizer={"language": ["de"]}), "base", machine, {})
    offered = [card.name for card in cards if card.offer is not None]
    assert offered == ["whisper-turbo-vulkan", "parakeet-v3"], "the catalogue's order"
    surest = find_surest_offer(cards)
    assert surest is not None
    assert surest.name == "parakeet-v3"
    assert find_surest_offer(card for card in cards if card.offer is None) is None


def test_used_model_that_keeps_up_stays_advised(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models", MODELS)
    put(store, "base", "medium")
    chosen = settings(recognizer={"language": ["en"], "model": "medium"})
    cards = build_model_cards(store, chosen, "medium", Machine(16_000, 4, False, ROOM), {"medium": 6.0})
    assert [card.name for card in cards if card.recommended] == ["medium", "qwen3-0.6b"]


@pytest.mark.parametrize(
    ("chosen", "loaded", "used", "kept"),
    [
        ({}, "base", "base", True),
        ({}, "", "base", True),
        ({"recognizer": {"model": "tiny"}}, "base", "tiny", True),
        ({"recognizer": {"engine": "openai"}}, "base", "base", False),
        ({"polish": {"url": "local", "mode": "llm"}}, "base", "qwen3-0.6b", True),
        ({"polish": {"url": "local"}}, "base", "qwen3-0.6b", False),
        ({"polish": {"url": "local", "model": "smollm2-135m"}, "hotkey": {"edit": ["f9"]}}, "", "smollm2-135m", True),
    ],
)
def test_what_is_in_use_is_not_to_be_deleted(
    chosen: dict[str, dict[str, object]], loaded: str, used: str, kept: bool
) -> None:
    installed = [MODELS[name] for name in ("tiny", "base", "qwen3-0.6b", "smollm2-135m")]
    found = find_models_in_use(settings(**chosen), loaded, installed, cuda=False)
    assert bool(found[used]) == kept


def test_a_folder_of_ones_own_leaves_every_model_free() -> None:
    assert MODELS.keys().isdisjoint(
        find_models_in_use(settings(recognizer={"model": "/somewhere/mine"}), "mine", [], cuda=False)
    )


def test_nothing_is_in_use_where_nothing_is_installed() -> None:
    assert find_models_in_use(Settings(), "", [], cuda=False) == {}


def test_this_machine_is_told_as_it_is(tmp_path: Path) -> None:
    found = inspect_machine(tmp_path / "not" / "there")
    assert found.cores > 0
    assert found.free_bytes > 0
    assert find_model_folder(tmp_path / "not" / "there").folder == tmp_path / "not" / "there"


def test_free_memory_is_what_programs_can_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "meminfo"
    monkeypatch.setattr(model_cards, "MEMORY_FILE", report)
    assert model_cards.free_memory_mb() == 0
    report.write_text("MemTotal:       4000000 kB\nMemAvailable:    2000000 kB\n")
    assert model_cards.free_memory_mb() == 2_048
    report.write_text("MemAvailable: much\n")
    assert model_cards.free_memory_mb() == 0


@pytest.mark.parametrize(
    ("cards", "drivers", "found"),
    [
        (("renderD128",), ("intel_icd.x86_64.json", "lvp_icd.x86_64.json"), True),
        (("renderD128",), ("lvp_icd.x86_64.json", "virtio_icd.x86_64.json"), False),
        (("renderD128",), (), False),
        (("card0",), ("radeon_icd.x86_64.json",), False),
    ],
)
def test_vulkan_needs_card_and_driver_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cards: tuple[str, ...], drivers: tuple[str, ...], found: bool
) -> None:
    (tmp_path / "dri").mkdir()
    (tmp_path / "icd").mkdir()
    for folder, names in (("dri", cards), ("icd", drivers)):
        for name in names:
            (tmp_path / folder / name).touch()
    monkeypatch.setattr(model_cards, "CARD_FOLDER", tmp_path / "dri")
    monkeypatch.setattr(model_cards, "VULKAN_FOLDERS", (tmp_path / "icd", tmp_path / "absent"))
    assert model_cards.has_vulkan_driver() == found


def test_whisper_engine_named_as_in_settings() -> None:
    assert Settings().recognizer.engine == WHISPER
