"""Check the user's settings and files: models, vocabulary, own tables, encryption and disk space."""

from __future__ import annotations

import shutil

from desktop.core.errors import Problem
from desktop.core.paths import paths

MOST_NAMED = 3
"""Maximum number of files named in one sentence."""

ROOM_BYTES = 500_000_000
"""Minimum free bytes: the base model twice (it is assembled beside its final place), and recordings of a week."""


def model() -> str:
    """Check that the configured speech model is installed in its full size."""
    from desktop.settings.schema import AUTO
    from desktop.settings.store import load
    from models.catalog import ModelError
    from models.store import Store

    store = Store(paths().models)
    chosen = load(paths().settings).settings.recognizer.model
    if chosen == AUTO:
        if not (installed := ", ".join(store.installed())):
            raise Problem("No speech model is installed.", "intone models pull base")
        return f"Installed: {installed}"
    try:
        return f"Installed: {chosen}, at {store.resolve(chosen)}"
    except ModelError as error:
        raise Problem(error.title, error.remedy) from error


def language_model() -> str:
    """Check that the configured local language model, if one is used, is installed with the library that runs it."""
    from desktop.settings.schema import LOCAL
    from desktop.settings.store import load

    settings = load(paths().settings).settings
    if settings.polish.mode != "llm" and settings.emotion.engine != "llm":
        return "None is asked for"
    if settings.polish.url != LOCAL:
        return f"Another server is asked: {settings.polish.url}"
    from desktop.llm import local_model as local_file

    found = local_file.find(local_file.store(paths().models), settings.polish.model)
    local_file.require_library()
    return f"Installed: {found.name}, at {found.file.parent}"


def settings_file() -> str:
    """Check the settings file: which lines are not in force, and what follows from that."""
    from desktop.settings.store import load

    loaded = load(paths().settings)
    if not loaded.readable:  # a running app keeps the last valid settings; one that starts uses the defaults
        raise Problem(loaded.dropped[0].removesuffix(" The defaults are used."), f"Mend it in {paths().settings}.")
    if loaded.dropped:
        raise Problem(" ".join(loaded.dropped), f"Mend it in {paths().settings}.")
    return "All of the file is in force"


def words() -> str:
    """Check the user's vocabulary file for unusable entries."""
    from desktop.settings.store import load
    from desktop.vocabulary import store as file

    kept = file.load(paths().vocabulary)
    if kept.dropped:
        raise Problem(" ".join(kept.dropped), f"Mend it in {paths().vocabulary}.")
    count = len(load(paths().settings).settings.vocabulary.words)
    return f"{count} words, {len(kept.replacements)} replacements, {len(kept.snippets)} snippets"


def own_files() -> str:
    """Check the user's files of applications and styles for unreadable entries."""
    from desktop.paste import apps as applications
    from desktop.polish import styles

    there = [file for file in (paths().applications, paths().styles) if file.exists()]
    dropped = applications.load(paths().applications).dropped + styles.load(paths().styles).dropped
    if dropped:
        raise Problem(" ".join(dropped), f"Mend it in {paths().config}; the rest is in force.")
    return f"In force: {', '.join(file.name for file in there)}" if there else "There are none"


def private_files() -> str:
    """Check that other users of this machine cannot read our files. Narrows the modes that it can."""
    from desktop.core.permissions import narrow_all

    if still_open := narrow_all(paths()):
        shown = ", ".join(map(str, still_open[:MOST_NAMED])) + (", and more" if len(still_open) > MOST_NAMED else "")
        raise Problem(
            f"Other users of this machine may read {shown}: the modes cannot be changed.",
            "Check who owns them, or set INTONE_HOME to a folder on a disk that keeps modes; on vfat there are none.",
        )
    return "Other users of this machine can read none of it"


def encryption() -> str:
    """Check that stored data is encrypted if configured, and can be read."""
    from desktop.encryption import keyring as seal_key
    from desktop.history import connection as connecting
    from desktop.history.encryption import is_wanted
    from desktop.settings.store import load

    here = paths()
    if seal_key.mark(here.history) is None and (table := connecting.sealed_name(here.history)).exists():
        with connecting.shared(here.history):
            connecting.key(here.history, table)  # which records the key again
    chosen = is_wanted(here.history, load(here.settings).settings.history)
    if (mark := seal_key.mark(here.history)) is None:
        if chosen:
            raise Problem("What is kept is not encrypted yet.", "Open the keyring, then start Intone anew.")
        return "What is kept is not encrypted"
    seal_key.key(mark.key)
    return "On, and its key is in the keyring" if chosen else "Intone decrypts what is kept when it runs"


def disk() -> str:
    """Check for free space for a model and recordings where the data lies."""
    data = paths().data
    there = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < ROOM_BYTES:
        raise Problem(f"Only {free / 1e6:.0f} MB are free at {there}.", f"Free {ROOM_BYTES / 1e6:.0f} MB there.")
    return f"{free / 1e9:.0f} GB free at {there}"
