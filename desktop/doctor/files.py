"""Check the user's settings and files: models, vocabulary, own tables, encryption and disk space."""

from __future__ import annotations

import shutil

from desktop.core.engine_names import LOCAL_ENGINES, model_title
from desktop.core.errors import UserError
from desktop.core.messages import Message, PartList
from desktop.core.paths import find_paths
from desktop.doctor.app import find_model_reason

UNKNOWN_LANGUAGE = "auto-unknown-language"
"""The code of a choice (`models.choice`) that the user must change."""

MAX_NAMED_FILES = 3
"""Maximum number of files named in one sentence."""

MIN_FREE_BYTES = 500_000_000
"""Minimum free bytes: the base model twice (it is assembled beside its final place), and recordings of a week."""


def check_model() -> Message:
    """Check that the configured speech model is installed in its full size."""
    from desktop.settings.live import load_in_force
    from desktop.settings.schema import AUTO
    from models.catalog import ModelError
    from models.choice import CHOOSABLE
    from models.store import ModelStore

    store = ModelStore(find_paths().models)
    chosen = load_in_force(find_paths()).settings.recognizer.model
    if chosen == AUTO:
        installed = tuple(store.list_installed())
        if CHOOSABLE.isdisjoint(installed):
            raise UserError("speech-model-missing", command="intone models pull base")
        return Message("models-installed", names=PartList(installed))
    try:
        return Message("model-installed-at", name=chosen, folder=str(store.resolve_folder(chosen)))
    except ModelError as error:
        raise UserError.from_coded(error) from error


def check_model_choice() -> Message:
    """Say why the speech model is used: as the running app says, else as it would choose. It must know the languages.

    A model of another family has Whisper beside it for those that it does not know.
    """
    from desktop.settings.live import load_in_force
    from desktop.settings.schema import AUTO, model_languages
    from desktop.stt.local.cuda import has_cuda
    from models.choice import choose_model, explain_choice
    from models.store import ModelStore

    store = ModelStore(find_paths().models)
    recognizer = load_in_force(find_paths()).settings.recognizer
    if recognizer.engine not in LOCAL_ENGINES:
        return Message("speech-model-unused")
    languages, cuda = model_languages(recognizer.language), has_cuda()
    if recognizer.model != AUTO:
        name = recognizer.model
        model = store.models.get(name)
        if model is not None and model.family == "whisper" and languages and not model.covers(languages):
            raise UserError(UNKNOWN_LANGUAGE, name=model_title(name))
        return Message("model-named", name=model_title(name) if model is not None else name)
    reason = find_model_reason()
    if reason is None:
        used = choose_model(tuple(store.list_installed()), (), cuda=cuda, languages=languages).installed
        if used is None:
            raise UserError("speech-model-missing", command="intone models pull base")
        code = explain_choice(store.models, used, cuda=cuda, languages=languages)
        reason = Message(code, name=model_title(used))
    if reason.code == UNKNOWN_LANGUAGE:
        raise UserError.of(reason)
    return reason


def check_language_model() -> Message:
    """Check that the configured local language model, if one is used, is installed with the library that runs it."""
    from desktop.settings.live import load_in_force
    from desktop.settings.schema import LOCAL

    settings = load_in_force(find_paths()).settings
    if settings.polish.mode != "llm" and settings.emotion.engine != "llm":
        return Message("language-model-unused")
    if settings.polish.url != LOCAL:
        return Message("language-model-elsewhere", url=settings.polish.url.partition("?")[0])
    from desktop.llm import local_model

    found = local_model.find_local_model(local_model.language_model_store(find_paths().models), settings.polish.model)
    local_model.require_llama_cpp()
    return Message("model-installed-at", name=found.name, folder=str(found.file.parent))


def check_settings_file() -> Message:
    """Check the settings file: which lines are not in force, and what follows from that."""
    from desktop.settings.live import load_in_force

    loaded = load_in_force(find_paths())
    if loaded.warnings:
        raise UserError("file-lines-invalid", warnings=loaded.warnings, path=str(find_paths().settings))
    return Message("settings-in-force")


def check_vocabulary() -> Message:
    """Check the user's vocabulary file for unusable entries."""
    from desktop.settings.live import load_in_force
    from desktop.vocabulary import store

    vocabulary = store.load_vocabulary_file(find_paths().vocabulary)
    if vocabulary.warnings:
        raise UserError("file-lines-invalid", warnings=vocabulary.warnings, path=str(find_paths().vocabulary))
    return Message(
        "vocabulary-counts",
        words=len(load_in_force(find_paths()).settings.vocabulary.words),
        replacements=len(vocabulary.replacements),
        snippets=len(vocabulary.snippets),
    )


def check_own_files() -> Message:
    """Check the user's files of applications and styles for unreadable entries."""
    from desktop.paste import apps
    from desktop.polish import styles

    existing = [file for file in (find_paths().applications, find_paths().styles) if file.exists()]
    warnings = (
        apps.load_paste_rules(find_paths().applications).warnings + styles.load_styles(find_paths().styles).warnings
    )
    if warnings:
        raise UserError("own-files-invalid", warnings=warnings, folder=str(find_paths().config))
    if not existing:
        return Message("own-files-missing")
    return Message("own-files-in-force", names=PartList(tuple(file.name for file in existing)))


def check_private_files() -> Message:
    """Check that other users of this machine cannot read our files. Narrows the modes that it can."""
    from desktop.core.permissions import restrict_all

    if still_open := restrict_all(find_paths()):
        shown = PartList(tuple(map(str, still_open[:MAX_NAMED_FILES])))
        if len(still_open) > MAX_NAMED_FILES:
            raise UserError("more-files-readable-by-others", paths=shown)
        raise UserError("files-readable-by-others", paths=shown)
    return Message("files-private")


def check_encryption() -> Message:
    """Check that stored data is encrypted if configured, and can be read."""
    from desktop.encryption import keyring
    from desktop.history import connection
    from desktop.history.encryption import should_encrypt
    from desktop.settings.live import load_in_force

    paths = find_paths()
    if keyring.read_marker(paths.history) is None and (encrypted := connection.encrypted_file(paths.history)).exists():
        with connection.shared_lock(paths.history):
            connection.load_key(paths.history, encrypted)  # which records the key again
    chosen = should_encrypt(paths.history, load_in_force(paths))
    if (marker := keyring.read_marker(paths.history)) is None:
        if chosen:
            raise UserError("encryption-pending")
        return Message("encryption-off")
    keyring.LOADED_KEYS.load(marker.key_id)
    return Message("encryption-on" if chosen else "encryption-ending")


def check_disk() -> Message:
    """Check for free space for a model and recordings where the data lies."""
    data = find_paths().data
    existing = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < MIN_FREE_BYTES:
        megabytes, needed = f"{free / 1e6:.0f}", f"{MIN_FREE_BYTES / 1e6:.0f}"
        raise UserError("disk-nearly-full", free=megabytes, folder=str(existing), needed=needed)
    return Message("disk-space-free", free=f"{free / 1e9:.0f}", folder=str(existing))
