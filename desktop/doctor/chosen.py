"""What the person has chosen and keeps here, for the doctor: models, words, tables of their own, and room for it."""

from __future__ import annotations

import shutil

from desktop.paths import paths
from desktop.problems import Problem

MOST_NAMED = 3
"""Files that are named in one sentence."""

ROOM_BYTES = 500_000_000
"""The base model twice over (it is put together beside its place), and recordings for a week."""


def model() -> str:
    """The speech model of the settings: there, and of its full size."""
    from desktop.settings import load
    from desktop.settings.tree import AUTO
    from models.catalogue import ModelError
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
    """The language model of the settings, where it is one on this machine: there, with what runs it."""
    from desktop.settings import load
    from desktop.settings.tree import LOCAL

    settings = load(paths().settings).settings
    if settings.polish.mode != "llm" and settings.emotion.engine != "llm":
        return "None is asked for"
    if settings.polish.url != LOCAL:
        return f"Another server is asked: {settings.polish.url}"
    from desktop.chat import local_file

    found = local_file.find(local_file.store(paths().models), settings.polish.model)
    local_file.require_library()
    return f"Installed: {found.name}, at {found.file.parent}"


def settings_file() -> str:
    """The settings' file: what in it is not in force, and what follows from that."""
    from desktop.settings import load

    loaded = load(paths().settings)
    if not loaded.readable:  # an app that runs goes on with what was in force before; one that starts has the defaults
        raise Problem(loaded.dropped[0].removesuffix(" The defaults are used."), f"Mend it in {paths().settings}.")
    if loaded.dropped:
        raise Problem(" ".join(loaded.dropped), f"Mend it in {paths().settings}.")
    return "All of the file is in force"


def words() -> str:
    """The user's own words: what in their file cannot be used."""
    from desktop.settings import load
    from desktop.vocabulary import file

    kept = file.load(paths().vocabulary)
    if kept.dropped:
        raise Problem(" ".join(kept.dropped), f"Mend it in {paths().vocabulary}.")
    count = len(load(paths().settings).settings.vocabulary.words)
    return f"{count} words, {len(kept.replacements)} replacements, {len(kept.snippets)} snippets"


def own_files() -> str:
    """What the person says of applications and of styles, as far as it can be read."""
    from desktop.paste import applications
    from desktop.polish import styles

    there = [file for file in (paths().applications, paths().styles) if file.exists()]
    dropped = applications.load(paths().applications).dropped + styles.load(paths().styles).dropped
    if dropped:
        raise Problem(" ".join(dropped), f"Mend it in {paths().config}; the rest is in force.")
    return f"In force: {', '.join(file.name for file in there)}" if there else "There are none"


def private_files() -> str:
    """Whether other users of this machine are kept out of what lies here. What can be closed is."""
    from desktop.permissions import narrow_all

    if still_open := narrow_all(paths()):
        shown = ", ".join(map(str, still_open[:MOST_NAMED])) + (", and more" if len(still_open) > MOST_NAMED else "")
        raise Problem(
            f"Other users of this machine may read {shown}: the modes cannot be changed.",
            "Check who owns them, or set INTONE_HOME to a folder on a disk that keeps modes; on vfat there are none.",
        )
    return "Other users of this machine can read none of it"


def encryption() -> str:
    """Whether what is kept is encrypted where that was chosen, and can be read."""
    from desktop.history import connecting
    from desktop.sealing import seal_key
    from desktop.sealing.turning import is_wanted
    from desktop.settings import load

    here = paths()
    if seal_key.mark(here.history) is None and (table := connecting.sealed_name(here.history)).exists():
        with connecting.shared(here.history):
            connecting.key(here.history, table)  # which marks it again
    chosen = is_wanted(here.history, load(here.settings).settings.history)
    if (mark := seal_key.mark(here.history)) is None:
        if chosen:
            raise Problem("What is kept is not encrypted yet.", "Open the keyring, then start Intone anew.")
        return "What is kept is not encrypted"
    seal_key.key(mark.key)
    return "On, and its key is in the keyring" if chosen else "Intone decrypts what is kept when it runs"


def disk() -> str:
    """Room for a model and recordings where the data lies."""
    data = paths().data
    there = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < ROOM_BYTES:
        raise Problem(f"Only {free / 1e6:.0f} MB are free at {there}.", f"Free {ROOM_BYTES / 1e6:.0f} MB there.")
    return f"{free / 1e9:.0f} GB free at {there}"
