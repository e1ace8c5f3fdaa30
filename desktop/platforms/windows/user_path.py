"""Add the app's folder to the user's PATH, or take it out: `... user_path add|remove FOLDER`, run by the installer.

The installer's own language cuts texts at 1,024 characters, and a PATH may be longer. The entries of others stay as
they are, in their order, with what they name by other variables.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

KEY, NAME = "Environment", "Path"


def add_entry(path: str, folder: str) -> str:
    """Return `path` with `folder` at its end; as it is where that is in it."""
    if any(_is_folder(entry, folder) for entry in path.split(";")):
        return path
    return f"{path.rstrip(';')};{folder}" if path.rstrip(";") else folder


def remove_entry(path: str, folder: str) -> str:
    """Return `path` without `folder`; as it is where that is not in it."""
    entries = path.split(";")
    kept = [entry for entry in entries if not _is_folder(entry, folder)]
    return ";".join(kept) if kept != entries else path


def _is_folder(entry: str, folder: str) -> bool:
    return entry.strip().rstrip("\\").lower() == folder.rstrip("\\").lower()


def write_path(change: str, folder: str, registry: Any) -> None:
    """Change the user's PATH by `add` or `remove`. `registry` is the module `winreg`."""
    rights = registry.KEY_QUERY_VALUE | registry.KEY_SET_VALUE
    with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, KEY, 0, rights) as key:
        try:
            before, kind = registry.QueryValueEx(key, NAME)
        except FileNotFoundError:
            before, kind = "", registry.REG_EXPAND_SZ
        after = {"add": add_entry, "remove": remove_entry}[change](before, folder)
        if after and after != before:
            registry.SetValueEx(key, NAME, 0, kind, after)
        elif not after and before:
            registry.DeleteValue(key, NAME)


def main() -> int:
    """Do what the command line says. The installer then tells the programs that run."""
    change, folder = sys.argv[1:]
    write_path(change, folder, import_module("winreg"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
