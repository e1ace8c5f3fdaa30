"""Check the user's settings and files: models, vocabulary, own tables, encryption and disk space."""

from __future__ import annotations

import shutil

from desktop.core.errors import UserError
from desktop.core.paths import find_paths

MAX_NAMED_FILES = 3
"""Maximum number of files named in one sentence."""

MIN_FREE_BYTES = 500_000_000
"""Minimum free bytes: the base model twice (it is assembled beside its final place), and recordings of a week."""


def check_model() -> str:
    """Check that the configured speech model is installed in its full size."""
    from desktop.settings.schema import AUTO
    from desktop.settings.store import load_settings
    from models.catalog import ModelError
    from models.store import ModelStore

    store = ModelStore(find_paths().models)
    chosen = load_settings(find_paths().settings).settings.recognizer.model
    if chosen == AUTO:
        if not (installed := ", ".join(store.list_installed())):
            raise UserError("No speech model is installed.", "intone models pull base")
        return f"Installed: {installed}"
    try:
        return f"Installed: {chosen}, at {store.resolve_folder(chosen)}"
    except ModelError as error:
        raise UserError(error.title, error.remedy) from error


def check_language_model() -> str:
    """Check that the configured local language model, if one is used, is installed with the library that runs it."""
    from desktop.settings.schema import LOCAL
    from desktop.settings.store import load_settings

    settings = load_settings(find_paths().settings).settings
    if settings.polish.mode != "llm" and settings.emotion.engine != "llm":
        return "None is asked for"
    if settings.polish.url != LOCAL:
        return f"Another server is asked: {settings.polish.url}"
    from desktop.llm import local_model

    found = local_model.find_local_model(local_model.language_model_store(find_paths().models), settings.polish.model)
    local_model.require_llama_cpp()
    return f"Installed: {found.name}, at {found.file.parent}"


def check_settings_file() -> str:
    """Check the settings file: which lines are not in force, and what follows from that."""
    from desktop.settings.store import load_settings

    loaded = load_settings(find_paths().settings)
    if loaded.read_error:  # a running app keeps the last valid settings; one that starts uses the defaults
        raise UserError(loaded.read_error, f"Mend it in {find_paths().settings}.")
    if loaded.warnings:
        raise UserError(" ".join(loaded.warnings), f"Mend it in {find_paths().settings}.")
    return "All of the file is in force"


def check_vocabulary() -> str:
    """Check the user's vocabulary file for unusable entries."""
    from desktop.settings.store import load_settings
    from desktop.vocabulary import store

    vocabulary = store.load_vocabulary_file(find_paths().vocabulary)
    if vocabulary.warnings:
        raise UserError(" ".join(vocabulary.warnings), f"Mend it in {find_paths().vocabulary}.")
    count = len(load_settings(find_paths().settings).settings.vocabulary.words)
    return f"{count} words, {len(vocabulary.replacements)} replacements, {len(vocabulary.snippets)} snippets"


def check_own_files() -> str:
    """Check the user's files of applications and styles for unreadable entries."""
    from desktop.paste import apps
    from desktop.polish import styles

    existing = [file for file in (find_paths().applications, find_paths().styles) if file.exists()]
    warnings = (
        apps.load_paste_rules(find_paths().applications).warnings + styles.load_styles(find_paths().styles).warnings
    )
    if warnings:
        raise UserError(" ".join(warnings), f"Mend it in {find_paths().config}; the rest is in force.")
    return f"In force: {', '.join(file.name for file in existing)}" if existing else "There are none"


def check_private_files() -> str:
    """Check that other users of this machine cannot read our files. Narrows the modes that it can."""
    from desktop.core.permissions import restrict_all

    if still_open := restrict_all(find_paths()):
        shown = ", ".join(map(str, still_open[:MAX_NAMED_FILES])) + (
            ", and more" if len(still_open) > MAX_NAMED_FILES else ""
        )
        raise UserError(
            f"Other users of this machine may read {shown}: the modes cannot be changed.",
            "Check who owns them, or set INTONE_HOME to a folder on a disk that keeps modes; on vfat there are none.",
        )
    return "Other users of this machine can read none of it"


def check_encryption() -> str:
    """Check that stored data is encrypted if configured, and can be read."""
    from desktop.encryption import keyring
    from desktop.history import connection
    from desktop.history.encryption import should_encrypt
    from desktop.settings.store import load_settings

    paths = find_paths()
    if keyring.read_marker(paths.history) is None and (encrypted := connection.encrypted_file(paths.history)).exists():
        with connection.shared_lock(paths.history):
            connection.load_key(paths.history, encrypted)  # which records the key again
    chosen = should_encrypt(paths.history, load_settings(paths.settings))
    if (marker := keyring.read_marker(paths.history)) is None:
        if chosen:
            raise UserError("What is kept is not encrypted yet.", "Open the keyring, then start Intone anew.")
        return "What is kept is not encrypted"
    keyring.load_key(marker.key_id)
    return "On, and its key is in the keyring" if chosen else "Intone decrypts what is kept when it runs"


def check_disk() -> str:
    """Check for free space for a model and recordings where the data lies."""
    data = find_paths().data
    existing = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < MIN_FREE_BYTES:
        raise UserError(
            f"Only {free / 1e6:.0f} MB are free at {existing}.", f"Free {MIN_FREE_BYTES / 1e6:.0f} MB there."
        )
    return f"{free / 1e9:.0f} GB free at {existing}"
