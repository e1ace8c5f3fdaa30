"""Import modules, each as it comes, and write what failed: `python.exe imports.py RESULT MODULES_FILE`."""

from __future__ import annotations

import importlib
import json
import sys
import traceback
from pathlib import Path


def main(result: Path, modules: Path) -> None:
    failed = {}
    for name in modules.read_text().split():
        try:
            importlib.import_module(name)
        except BaseException:  # whatever a module does when it is imported, the next one is tried
            failed[name] = traceback.format_exc(limit=-3)
    result.write_text(json.dumps(failed))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
