"""List what a package contains and under which licences: a CycloneDX list, and the licences' texts."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from shipping.elf import read_machine
from shipping.project import NAME, ROOT, VERSION, normalize_name, read_pins

NOTICE = """Intone is under the MIT licence, below. A package of it also holds the work of others, each under a licence
of its own.

Two of these reach further than the rest. The wheel of PyAV brings FFmpeg with x264 and x265, which are under the GNU
General Public License, version 2 or later: those who pass this package on do so under its terms. Qt and PySide6 are
under the GNU Lesser General Public License, version 3; they are libraries of their own here and can be exchanged. So
are the other libraries under that licence; pynput, which is in the program itself on Windows and macOS, is exchanged by
building the package from Intone's sources with another one (`make windows`).

The head that judges the emotion of words learned from GoEmotions (CC BY 4.0); its card is at the end. None that learned
from recordings for non-commercial use is in this package.

The sources of all of these are with their authors, under the versions that are named here. What is under the GPL or
the LGPL you may have from us as well: for three years from the day on which we gave you this package, and as long as we
support it, we give its complete corresponding source, with what builds it, to all who ask where they got the package,
for no more than it costs to pass it on.
"""

COMMON_LICENCES = Path("/usr/share/common-licenses")
"""Debian's folder of common licence texts."""

SHARED_LICENCES = ("Apache-2.0", "GPL-2", "GPL-3", "LGPL-2.1", "LGPL-3")

LICENCE_FILE_PREFIXES = ("LICEN", "COPYING", "NOTICE", "AUTHORS", "THIRDPARTY")
"""Prefixes of the names of files about licences and authors."""

GRAMMARS = "intone_grammars"
WORD_LISTS = sorted((ROOT / "desktop/vocabulary").glob("*_english.txt"))
"""The folder of wetext's grammars in `site`; packaging/grammars puts it there."""

_BUNDLED = tomllib.loads(Path(__file__).with_name("bundled.toml").read_text(encoding="utf-8"))


def list_distributions(site: Path) -> list[Distribution]:
    """Return the distributions in `site`, by name."""
    return sorted(distributions(path=[str(site)]), key=lambda found: normalize_name(found.name))


def build_bill(site: Path, included: Iterable[Distribution], *locks: str) -> dict[str, Any]:
    """Build the CycloneDX document of `site`: each wheel with the hashes it was verified by, and the libraries bundled
    in it."""
    known = read_pins(*locks)
    components = [
        _build_component(site, each, known.get(normalize_name(each.name), ("", []))[1])
        for each in included
        if normalize_name(each.name) != NAME
    ]
    if (site / GRAMMARS).is_dir():
        components.append(_build_grammar_component(site))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": NAME, "version": VERSION, "bom-ref": NAME}},
        "components": components,
    }


def _build_component(site: Path, distribution: Distribution, hashes: list[str]) -> dict[str, Any]:
    reference = f"pkg:pypi/{normalize_name(distribution.name)}@{distribution.version}"
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": reference,
        "purl": reference,
        "name": normalize_name(distribution.name),
        "version": distribution.version,
        "licenses": [{"license": {"name": read_licence(distribution)}}],
        "properties": [{"name": "lock:sha256", "value": value} for value in hashes],
    }
    if libraries := find_bundled_libraries(site, distribution):
        component["components"] = [
            {
                **_build_file(path, path.name),
                "licenses": [{"license": {"name": find_library_licence(path.name, read_machine(path))}}],
            }
            for path in libraries
        ]
    return component


def _build_grammar_component(site: Path) -> dict[str, Any]:
    """Return the component of the four files that the build takes from wetext."""
    version, hashes = read_pins("build.txt")["wetext"]
    reference = f"pkg:pypi/wetext@{version}#wetext/fsts"
    files = sorted((site / GRAMMARS).rglob("*.fst"))
    return {
        "type": "data",
        "bom-ref": reference,
        "purl": reference,
        "name": "wetext",
        "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "properties": [{"name": "lock:sha256", "value": value} for value in hashes],
        "components": [_build_file(path, path.relative_to(site).as_posix()) for path in files],
    }


def _build_file(path: Path, name: str) -> dict[str, Any]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": digest}]}


def find_bundled_libraries(site: Path, distribution: Distribution) -> list[Path]:
    """Return the third-party libraries bundled in a wheel."""
    stem, name = distribution.name.replace("-", "_"), normalize_name(distribution.name)
    folders = {
        "pyside6-essentials": ("PySide6/Qt/lib",),
        "soundfile": ("_soundfile_data",),
        "transcribe-cpp-native": ("transcribe_cpp_native/_native",),
    }.get(name, (f"{stem}.libs",))
    windows = {
        "ctranslate2": ("ctranslate2",),
        "pyside6-essentials": ("PySide6",),
        "shiboken6": ("shiboken6",),
        "sounddevice": ("_sounddevice_data/portaudio-binaries",),
    }.get(name, folders)
    found = [path for folder in folders for path in (site / folder).glob("lib*.so*")]
    return sorted((*found, *(path for folder in windows for path in (site / folder).glob("*.dll"))))


def find_library_licence(library: str, machine: str = "") -> str:
    """Return the licence of a bundled library, by its file's name; empty if not recorded.

    `machine`: the processor that it is for, where a library holds other works than on others.
    """
    known: dict[str, str] = {**_BUNDLED["licences"], **_BUNDLED["licences_on"].get(machine, {})}
    return next((known[prefix] for prefix in sorted(known, key=len, reverse=True) if library.startswith(prefix)), "")


def read_licence(distribution: Distribution) -> str:
    """Return the licence's name from the distribution's metadata."""
    metadata = distribution.metadata
    if expression := metadata.get("License-Expression"):
        return expression
    classified = [
        line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if line.startswith("License")
    ]
    named: str = _BUNDLED["named"].get(normalize_name(distribution.name), "not named")
    return ", ".join(classified) or (metadata.get("License") or named).strip().splitlines()[0]


def build_licence_text(site: Path, included: Iterable[Distribution]) -> str:
    """Build the text for users: whose work is included, and every licence that came with it."""
    parts = [NOTICE, with_heading("Intone", (ROOT / "LICENSE").read_text(encoding="utf-8"))]
    parts += [_distribution_section(site, each) for each in included if normalize_name(each.name) != NAME]
    cards = sorted((site / "models" / "emotion" / "cards").glob("*.md"))
    parts += [with_heading(f"Word list {path.name}", read_list_notice(path)) for path in WORD_LISTS]
    for source in site.glob(f"{GRAMMARS}/SOURCE.txt"):
        text = f"{source.read_text(encoding='utf-8')}\n{(source.parent / 'SHA256SUMS').read_text(encoding='utf-8')}"
        parts.append(with_heading("Grammars of numbers: Apache-2.0", text))
    parts += [with_heading(f"Emotion head {card.stem}", card.read_text(encoding="utf-8")) for card in cards]
    judges = sorted((site / "models" / "polish" / "cards").glob("*.md"))
    parts += [with_heading(f"Judge of polish {card.stem}", card.read_text(encoding="utf-8")) for card in judges]
    parts += [with_heading(name, (COMMON_LICENCES / name).read_text(encoding="utf-8")) for name in SHARED_LICENCES]
    return "\n\n".join(parts)


def read_list_notice(path: Path) -> str:
    """Return what the head of a list of words says of its sources, and their notices."""
    head, _, _ = path.read_text(encoding="ascii").partition("\n\n")
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in head.splitlines())


def _distribution_section(site: Path, distribution: Distribution) -> str:
    """Return a distribution's section: its licence texts, or which common one applies, and the libraries bundled in
    it."""
    name = normalize_name(distribution.name)
    (metadata,) = [
        path
        for path in site.glob("*.dist-info")
        if normalize_name(path.name.removesuffix(".dist-info").rpartition("-")[0]) == name
    ]
    files = [path for path in metadata.rglob("*") if path.is_file()]
    files += [path for path in (site / distribution.name).glob("*") if path.is_file()]
    texts = [
        path.read_text(encoding="utf-8", errors="replace").strip()
        for path in sorted(files)
        if path.name.upper().startswith(LICENCE_FILE_PREFIXES) and path.suffix not in (".py", ".pyc")
    ]
    if not texts:
        same = _BUNDLED["texts"].get(name, read_licence(distribution))
        texts = [f"Its wheel brings no text of the licence ({same}), which is elsewhere on this page."]
    if inside := _BUNDLED["inside"].get(name):
        texts.append(inside)
    if libraries := find_bundled_libraries(site, distribution):
        texts.append(
            "It brings:\n"
            + "\n".join(f"  {path.name}: {find_library_licence(path.name, read_machine(path))}" for path in libraries)
        )
    return with_heading(f"{distribution.name} {distribution.version}: {read_licence(distribution)}", "\n\n".join(texts))


def read_debian_licence(package: str) -> str:
    """Return the copyright file of an installed Debian package."""
    text = Path("/usr/share/doc", package, "copyright").read_text(encoding="utf-8", errors="replace")
    return with_heading(f"{package}, of Debian", text)


def build_debian_component(package: str, version: str) -> dict[str, Any]:
    """Return the component of a Debian package for the list."""
    reference = f"pkg:deb/debian/{package}@{version}"
    return {
        "type": "library",
        "bom-ref": reference,
        "purl": reference,
        "name": package,
        "version": version,
        "licenses": [{"license": {"name": _BUNDLED["debian"].get(package, f"not named: {package}")}}],
    }


def with_heading(title: str, text: str) -> str:
    """Return a section of the licences' text."""
    return f"{title}\n{'-' * len(title)}\n\n{text.strip()}\n"
