"""Write the shells' completion files, with the app's environment: `python completions.py FOLDER`.

`FOLDER` is laid out as `/usr/share`, where bash, zsh and fish look. What a command offers is written down, so that
completing starts no Python.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

SHELLS = {
    "bash": "bash-completion/completions/intone",
    "zsh": "zsh/vendor-completions/_intone",
    "fish": "fish/vendor_completions.d/intone.fish",
}
"""Each shell and its file. zsh's folder is Debian's."""

FILES, FOLDERS = ("FILE", "FILE.npz", "AUDIO", "PNG"), ("DIR",)
"""The arguments that are files and folders, by the names that the help gives them."""


def write_completions(folder: Path) -> None:
    """Write the file of each shell."""
    import shtab

    from desktop.__main__ import _build_parser

    parser = _build_parser("")
    _name_files(parser, shtab.FILE, shtab.DIRECTORY)
    for shell, place in SHELLS.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shtab.complete(parser, shell, root_prefix="intone"), encoding="utf-8")


def _name_files(parser: argparse.ArgumentParser, files: object, folders: object) -> None:
    from desktop.settings.store import list_keys
    from models.catalog import load_catalog

    for action in _iterate_actions(parser):
        if action.metavar in FILES:
            action.complete = files  # type: ignore[attr-defined]
        elif action.metavar in FOLDERS:
            action.complete = folders  # type: ignore[attr-defined]
        elif action.metavar == "KEY":
            action.choices = list_keys()
        elif action.metavar == "NAME" and "intone models list" in (action.help or ""):
            action.choices = list(load_catalog())


def _iterate_actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _iterate_actions(child)
        else:
            yield action


if __name__ == "__main__":
    write_completions(Path(sys.argv[1]))
