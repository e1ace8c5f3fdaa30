"""Find the heads for voices. None comes with Intone: `make voice-head` builds one from the user's own copy of RAVDESS,
whose recordings are for non-commercial use, and puts it into the user's data folder.

Early packages of version 0.1.0 contained one for the model `base`. It is copied to that folder where an upgrade leaves
it: in the package's own folder, or where the Debian package's `preinst` puts it. A head that is built or deleted while
the app runs counts from the next dictation.

A damaged head counts as none. One that cannot be read may be whole: it is not replaced, and tried again each time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import models.emotion.labels
from desktop.core.errors import UserError
from desktop.core.files import write_file
from desktop.core.paths import make_private_dir
from models.emotion.voice_classifier import VoiceClassifier
from models.store import ModelStore

logger = logging.getLogger(__name__)

HEADS_FOLDER = Path(models.emotion.labels.__file__).parent / "heads"
"""The package's own heads, of words."""

EARLIER_FOLDERS = (HEADS_FOLDER, Path("/var/lib/intone/emotion"))
"""Where an upgrade leaves the head of an earlier package (`packaging/debian/intone.preinst`)."""

_NAME = re.compile(r"voice-(?P<model>[\w.-]+)-[a-z]+-(?P<version>[0-9]+)\.npz")
"""File name of a head: the model whose encoder it was trained on, the corpus, a version."""

type _Stamp = tuple[Path, int]


@dataclass(frozen=True, slots=True)
class FoundVoiceHeads:
    """The models that have a head that can be used, why another head cannot be read, and the models that can hear a
    voice after another made the text."""

    models: list[str]
    problem: UserError | None = None
    encoders: Sequence[str] = ()


class VoiceHeads:
    """The heads in `folder`, which need not exist. Suits any thread; the methods block."""

    def __init__(self, folder: Path, earlier_folders: Sequence[Path] = EARLIER_FOLDERS) -> None:
        self._folder = folder
        self._earlier_folders = earlier_folders
        self._is_taken_over = False
        self._loaded: dict[_Stamp, VoiceClassifier | None] = {}
        self._unreadable: dict[Path, str] = {}

    def list_models(self) -> list[str]:
        """Return the models that have a head that can be used, by name, after taking over those of an earlier
        package."""
        self._take_over()
        return sorted(model for model in self._find_own() if self._load_newest(model) is not None)

    @property
    def problem(self) -> UserError | None:
        """Why the folder, or else a head in it, could not be read when that was last tried."""
        if (reason := self._unreadable.get(self._folder)) is not None:
            return UserError("voice-heads-unreadable", path=str(self._folder), reason=reason)
        for path, reason in self._unreadable.items():
            return UserError("voice-head-unreadable", path=str(path), reason=reason)
        return None

    def list_encoders(self, store: ModelStore) -> list[str]:
        """Return those of these models that can hear a voice without making the text: Whisper's that are installed in
        `store`."""
        installed = set(store.list_installed())
        return [name for name in self.list_models() if name in installed and store.models[name].format == "ctranslate2"]

    def load(self, model: str) -> VoiceClassifier | None:
        """Return the head for voices as the encoder of `model` hears them, None if there is none that can be used."""
        self._take_over()
        return self._load_newest(model)

    def _find_own(self) -> dict[str, list[Path]]:
        """Return the heads of each model in our folder; none if that cannot be read."""
        heads: dict[str, list[Path]] = {}
        try:
            heads = _find_heads(self._folder)
        except OSError as error:
            self._note_unreadable(self._folder, error)
            return heads
        existing = {path for paths in heads.values() for path in paths}
        self._unreadable = {path: reason for path, reason in self._unreadable.items() if path in existing}
        return heads

    def _load_newest(self, model: str) -> VoiceClassifier | None:
        heads = map(self._load_once, self._find_own().get(model, ()))
        return next((head for head in heads if head is not None), None)

    def _load_once(self, path: Path) -> VoiceClassifier | None:
        try:
            stamp = path, path.stat().st_mtime_ns
            if stamp not in self._loaded:
                self._loaded = {
                    **{known: head for known, head in self._loaded.items() if known[0] != path},
                    stamp: _load(path),
                }
        except FileNotFoundError:  # deleted meanwhile
            return None
        except OSError as error:
            self._note_unreadable(path, error)
            return None
        self._unreadable = {other: reason for other, reason in self._unreadable.items() if other != path}
        return self._loaded.get(stamp)

    def _note_unreadable(self, path: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        if self._unreadable.get(path) != reason:
            what = "the voice heads in" if path == self._folder else "the voice head"
            logger.warning("%s %s cannot be read: %s", what, path, reason)
        self._unreadable = {**self._unreadable, path: reason}

    def _is_unreadable(self, model: str) -> bool:
        """Return whether a head of `model` cannot be read, or none can be looked for."""
        return any(path in self._unreadable for path in (*self._find_own().get(model, ()), self._folder))

    def _take_over(self) -> None:
        """Copy the heads of an earlier package for models without one that can be used, once in a process.

        A head that cannot be read is left in its place.
        """
        if self._is_taken_over:
            return
        self._is_taken_over = True
        for earlier in self._earlier_folders:
            for model, paths in _find_earlier(earlier).items():
                if self._load_newest(model) is not None or self._is_unreadable(model):
                    continue
                if (path := next(filter(_is_usable, paths), None)) is None:
                    continue
                try:
                    write_file(make_private_dir(self._folder) / path.name, path.read_bytes(), unique=True)
                    logger.info("the voice head %s of an earlier package was copied to %s", path.name, self._folder)
                except OSError as problem:
                    logger.warning("the voice head %s could not be copied: %s", path, problem)


def _find_heads(folder: Path) -> dict[str, list[Path]]:
    """Return the heads of each model in a folder, the newest first; none if it does not exist. Raises `OSError`."""
    try:
        names = [name for path in folder.iterdir() if (name := _NAME.fullmatch(path.name))]
    except (FileNotFoundError, NotADirectoryError):
        return {}
    heads: dict[str, list[Path]] = {}
    for name in sorted(names, key=lambda name: (int(name["version"]), name.string), reverse=True):
        heads.setdefault(name["model"], []).append(folder / name.string)
    return heads


def _find_earlier(folder: Path) -> dict[str, list[Path]]:
    """Return the heads of each model in the folder of an earlier package; none if it cannot be read."""
    try:
        return _find_heads(folder)
    except OSError as error:
        logger.warning("the voice heads in %s cannot be read: %s", folder, error.strerror)
        return {}


def _is_usable(path: Path) -> bool:
    """Return whether the head of an earlier package can be used."""
    try:
        return _load(path) is not None
    except OSError as error:
        logger.warning("the voice head %s cannot be read: %s", path, error.strerror)
        return False


def _load(path: Path) -> VoiceClassifier | None:
    """Return the head in a file, None for a damaged one. Raises `OSError` if it cannot be read."""
    try:
        return VoiceClassifier.load(path)
    except ValueError as error:
        logger.warning("the voice head %s is damaged: %s", path, error)
        return None
