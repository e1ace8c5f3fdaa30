"""Put the grammars of numbers into the wheel: four files of wetext, 5 MB of its 46.

Run by hatchling while it builds a wheel or an editable install, with wetext installed beside it. The files lie in a
package of data, `intone_grammars`, with their licence and source.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent

PACKAGE = "intone_grammars"

SUMS = HERE / "SHA256SUMS"
"""The grammars and their hashes, as `sha256sum` writes them; `zh/tagger.fst` is wetext's `fsts/zh/itn/tagger.fst`."""


class GrammarHook(BuildHookInterface[Any]):
    """The hook that hatchling finds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to the wheel. Raises `ValueError` for other files than those tested."""
        wetext = distribution("wetext")
        added = {str(HERE / name): f"{PACKAGE}/{name}" for name in ("SHA256SUMS", "SOURCE.txt")}
        added[str(wetext.locate_file(f"wetext-{wetext.version}.dist-info/licenses/LICENSE"))] = f"{PACKAGE}/LICENSE"
        for line in SUMS.read_text(encoding="utf-8").splitlines():
            expected, name = line.split()
            language, file = name.split("/")
            path = Path(str(wetext.locate_file(f"wetext/fsts/{language}/itn/{file}")))
            if sha256(path.read_bytes()).hexdigest() != expected:
                raise ValueError(f"wetext {wetext.version} has another {name} than the one tested")
            added[str(path)] = f"{PACKAGE}/{name}"
        build_data["force_include_editable" if version == "editable" else "force_include"].update(added)
