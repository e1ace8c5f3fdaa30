"""The catalogue, the store and what `auto` means: no network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.catalog import load_catalog
from models.store import ModelStore
from tests.support.model_errors import raises_model_error

ROOT = Path(__file__).parents[3]


def put(store: ModelStore, name: str, *, package: bool = False) -> Path:
    """Lay files of the right sizes, and no contents, where the model belongs."""
    source = store.models[name].sources[package]
    folder = store.model_path(name)
    folder.mkdir(parents=True)
    for file in source.files:
        with (folder / file.name).open("wb") as stream:
            stream.truncate(file.size)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def test_catalogue_pins_size_and_hash_of_every_file() -> None:
    for model in load_catalog().values():
        assert re.fullmatch(r"[0-9a-f]{40}", model.hub.revision)
        for source in model.sources:
            assert all(file.size > 0 and re.fullmatch(r"[0-9a-f]{64}", file.sha256) for file in source.files)


def test_catalogue_speech_models_are_complete() -> None:
    for model in load_catalog("speech").values():
        assert model.accuracy in range(1, 6)
        assert model.attribution.endswith(".")
        for source in model.sources:
            names = {file.name for file in source.files}
            if model.format == "gguf":
                assert len(names) == 1
                assert names.pop().endswith(".gguf")
            else:
                assert model.licence == "MIT"
                assert model.languages == (("en",) if model.name.endswith(".en") else ())
                assert {"config.json", "model.bin", "tokenizer.json"} <= names
                assert names & {"vocabulary.txt", "vocabulary.json"}


def test_catalogue_has_whisper_tiny_to_large() -> None:
    whisper = [model for model in load_catalog("speech").values() if model.format == "ctranslate2"]
    multilingual = [model.name for model in whisper if not model.languages]
    assert multilingual == ["tiny", "base", "small", "medium", "large-v3-turbo", "large-v3"]
    assert {"tiny.en", "base.en", "small.en"} == {model.name for model in whisper} - set(multilingual)
    assert all(model.is_proved and model.family == "whisper" for model in whisper)


def test_both_licences_are_named_where_cards_disagree() -> None:
    model = load_catalog("speech")["parakeet-unified"]
    for text in (model.licence, model.attribution):
        assert "CC-BY-4.0 or NVIDIA Open Model License" in text


RUN_HERE = ("tiny.en", "base", "moonshine-base", "smollm2-135m")
"""The models whose real weights the tests and proofs of this project have run."""


def test_proved_model_or_smaller_one_of_its_family_was_run() -> None:
    models = load_catalog()
    for model in models.values():
        alike = [models[name] for name in RUN_HERE if models[name].family == model.family]
        was_run = any(one.format == model.format and one.memory_mb <= model.memory_mb for one in alike)
        assert model.is_proved == was_run, model.name


@pytest.mark.parametrize("page", ["README.md", "docs/user-guide.md", "models/catalog.toml"])
def test_pages_say_what_proved_means(page: str) -> None:
    text = " ".join((ROOT / page).read_text(encoding="utf-8").replace("\n# ", "\n").split())
    assert re.search(r"this model or a smaller one of its family (\(for tiny: tiny\.en\) )?was run here", text)


def test_catalogue_has_other_families_smallest_first() -> None:
    others = [model for model in load_catalog("speech").values() if model.format == "gguf"]
    assert [(model.name, model.family) for model in others] == [
        ("moonshine-base", "moonshine"),
        ("parakeet-110m", "parakeet"),
        ("moonshine-small", "moonshine-streaming"),
        ("canary-180m", "canary"),
        ("moonshine-medium", "moonshine-streaming"),
        ("whisper-turbo-vulkan", "whisper"),
        ("parakeet-v2", "parakeet"),
        ("parakeet-unified", "parakeet"),
        ("parakeet-v3", "parakeet"),
        ("parakeet-ultra", "parakeet"),
        ("qwen3-asr-0.6b", "qwen3-asr"),
        ("cohere", "cohere"),
    ]
    sizes = [model.hub.download_size for model in others]
    assert sizes == sorted(sizes)
    assert [model.name for model in others if model.is_proved] == ["moonshine-base"]
    assert {model.hub.pins for model in others} == {"third-party"}
    assert all("NVIDIA" in model.attribution for model in others if "CC-BY-4.0" in model.licence)
    assert all(model.memory_mb * 1e6 > model.hub.download_size for model in others)


@pytest.mark.parametrize(
    ("name", "languages", "covered"),
    [
        ("base", (), True),
        ("base", ("sw", "en"), True),
        ("moonshine-base", ("en",), True),
        ("moonshine-base", ("en-GB",), True),
        ("moonshine-base", (), False),
        ("moonshine-base", ("en", "de"), False),
        ("parakeet-v3", ("en", "de"), True),
        ("parakeet-v3", ("zh",), False),
        ("qwen3-asr-0.6b", ("zh-TW",), True),
    ],
)
def test_model_covers_languages(name: str, languages: tuple[str, ...], covered: bool) -> None:
    assert load_catalog()[name].covers(languages) == covered


def test_a_language_model_is_one_file_and_free_to_use() -> None:
    models = load_catalog("language").values()
    assert [model.name for model in models] == ["qwen2.5-1.5b", "qwen3-1.7b", "qwen3-0.6b", "smollm2-135m"]
    for model in models:
        assert model.licence == "Apache-2.0"
        for source in model.sources:
            (file,) = source.files
            assert file.name.endswith(".gguf")
            assert model.memory_mb * 1e6 > file.size


def test_speech_store_offers_no_language_models(store: ModelStore) -> None:
    assert {**load_catalog("speech"), **load_catalog("language")} == load_catalog()
    assert store.models == load_catalog("speech")
    put(ModelStore(store.folder, load_catalog()), "smollm2-135m")
    assert list(store.list_installed()) == []
    with raises_model_error("There is no model called smollm2-135m and no such folder"):
        store.resolve_folder("smollm2-135m")


def test_wheel_members_make_exact_package_files() -> None:
    packages = {model.name: model.package for model in load_catalog().values() if model.package}
    assert set(packages) == {"base", "tiny.en", "moonshine-base", "smollm2-135m"}
    for package in packages.values():
        made = {into for wheel in package.wheels for _, into in wheel.members}
        assert made == {file.name for file in package.inputs or package.files}
        assert bool(package.inputs) == bool(package.conversion)
        assert all(re.fullmatch(r"[0-9a-f]{64}", wheel.sha256) for wheel in package.wheels)


def test_only_files_that_were_run_here_are_preferred_to_the_hub() -> None:
    preferred = {name for name, model in load_catalog().items() if model.sources[0] is not model.hub}
    assert preferred == {"moonshine-base"}


def test_missing_folder_has_nothing_installed(store: ModelStore) -> None:
    assert list(store.list_installed()) == []
    with raises_model_error(r"Model base is not installed\. Run `intone models pull base`"):
        store.resolve_folder("base")


@pytest.mark.parametrize("package", [False, True])
def test_model_with_whole_files_is_installed(store: ModelStore, package: bool) -> None:
    folder = put(store, "base", package=package)
    assert list(store.list_installed()) == ["base"]
    assert store.resolve_folder("base") == folder
    assert store.installed_source("base") == store.models["base"].sources[package]


def test_short_file_not_installed_with_remedy(store: ModelStore) -> None:
    folder = put(store, "tiny")
    with (folder / "model.bin").open("r+b") as stream:
        stream.truncate(1000)
    assert list(store.list_installed()) == []
    with raises_model_error(r"model\.bin is missing or damaged\. Run `intone models pull tiny`"):
        store.resolve_folder("tiny")


def test_a_model_that_lacks_a_file_is_not_installed(store: ModelStore) -> None:
    (put(store, "tiny.en") / "tokenizer.json").unlink()
    with raises_model_error(r"Model tiny\.en is incomplete: tokenizer\.json is missing"):
        store.resolve_folder("tiny.en")


def test_what_is_half_fetched_is_not_installed(store: ModelStore) -> None:
    half = store.staging_path("tiny")
    half.mkdir(parents=True)
    (half / "model.bin.part").write_bytes(b"half")
    assert list(store.list_installed()) == []


def test_a_removed_model_leaves_nothing_behind(store: ModelStore) -> None:
    folder = put(store, "tiny")
    store.staging_path("tiny").mkdir(parents=True)
    store.remove("tiny")
    assert not folder.exists()
    assert not store.staging_path("tiny").exists()
    with raises_model_error("Model tiny is not installed"):
        store.remove("tiny")


def own_model(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"{}")
    return folder


@pytest.mark.parametrize("vocabulary", ["vocabulary.txt", "vocabulary.json"])
def test_a_folder_of_the_users_own_is_a_model(store: ModelStore, tmp_path: Path, vocabulary: str) -> None:
    folder = own_model(tmp_path / "mine", "config.json", "model.bin", "tokenizer.json", vocabulary)
    assert store.resolve_folder(str(folder)) == folder


def test_a_folder_that_lacks_files_is_told_which(store: ModelStore, tmp_path: Path) -> None:
    folder = own_model(tmp_path / "mine", "config.json", "tokenizer.json")
    (folder / "model.bin").touch()
    with raises_model_error(r"lacks model\.bin, vocabulary\.json or vocabulary\.txt\. Put the missing"):
        store.resolve_folder(str(folder))


def test_unknown_name_problem_lists_models(store: ModelStore) -> None:
    with raises_model_error(r"There is no model called huge and no such folder\..*large-v3-turbo"):
        store.resolve_folder("huge")
