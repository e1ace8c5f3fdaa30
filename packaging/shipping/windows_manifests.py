"""Write what package managers of Windows read: three files for winget, one for Scoop.

Of winget's schema 1.10.0 and Scoop's as they were in November 2026. Where the files will be downloaded from is known
at a release alone: `INTONE_RELEASES` is that folder's address, and what stands here without it leads nowhere.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shipping.project import SUMMARY, VERSION

IDENTIFIER = "Intone.Intone"
PUBLISHER = "The Intone authors"
SCHEMA = "1.10.0"
RUN_KEY, RUN_NAME = r"Software\Microsoft\Windows\CurrentVersion\Run", "intone"
MINIMUM_WINDOWS = "10.0.18362.0"
"""Windows 10, version 1903: Qt loads a library that is not in earlier ones."""

RELEASES = os.environ.get("INTONE_RELEASES", "https://releases.intone.invalid")

SCOOP_QUITS = (
    '& "$dir\\intone.exe" quit *> $null',
    '$ours = "$(Split-Path $dir)\\"',
    "$running = Get-Process | Where-Object { $_.Path -and $_.Path.StartsWith($ours, 'OrdinalIgnoreCase') }",
    "if ($running) { $running | Wait-Process -Timeout 30 -ErrorAction SilentlyContinue }",
    f"$run = 'HKCU:\\{RUN_KEY}'",
    f"$value = (Get-ItemProperty $run -ErrorAction SilentlyContinue).'{RUN_NAME}'",
    'if ($cmd -eq "uninstall" -and $value -and $value.Contains($ours)) {',
    f"    Remove-ItemProperty $run '{RUN_NAME}'",
    "}",
)
"""Before Scoop looks whether the app runs, which it refuses to update or take off: have it quit. Its start with Windows
goes with it."""

type Value = str | int | bool | Sequence[Value] | Mapping[str, Value]


def write_manifests(folder: Path, installer: Path, archive: Path, licence: str) -> list[Path]:
    """Write all four files into `folder`, for an `installer` and an `archive` beside it; `licence` is an expression of
    SPDX."""
    address, digest = f"{RELEASES}/{installer.name}", _sha256(installer)
    files = {f"winget/{name}.yaml": build_yaml(page) for name, page in build_winget(address, digest, licence).items()}
    scoop = build_scoop(f"{RELEASES}/{archive.name}", _sha256(archive), licence)
    files["scoop/intone.json"] = json.dumps(scoop, indent=4, ensure_ascii=False) + "\n"
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def build_winget(address: str, sha256: str, licence: str) -> dict[str, dict[str, Any]]:
    """Return the three manifests of winget by their files' names."""
    about = {"PackageIdentifier": IDENTIFIER, "PackageVersion": VERSION}
    installer = {
        **about,
        "Platform": ["Windows.Desktop"],
        "MinimumOSVersion": MINIMUM_WINDOWS,
        "InstallerType": "nullsoft",
        "Scope": "user",
        "InstallModes": ["interactive", "silent"],
        "UpgradeBehavior": "install",
        "Commands": ["intone"],
        "ProductCode": "Intone",
        "Installers": [{"Architecture": "x64", "InstallerUrl": address, "InstallerSha256": sha256.upper()}],
        "ManifestType": "installer",
        "ManifestVersion": SCHEMA,
    }
    texts = {
        **about,
        "PackageLocale": "en-US",
        "Publisher": PUBLISHER,
        "PackageName": "Intone",
        "License": licence,
        "ShortDescription": SUMMARY,
        "Moniker": "intone",
        "Tags": ["dictation", "speech-to-text", "whisper"],
        "ManifestType": "defaultLocale",
        "ManifestVersion": SCHEMA,
    }
    version = {**about, "DefaultLocale": "en-US", "ManifestType": "version", "ManifestVersion": SCHEMA}
    return {f"{IDENTIFIER}.installer": installer, f"{IDENTIFIER}.locale.en-US": texts, IDENTIFIER: version}


def build_scoop(address: str, sha256: str, licence: str) -> dict[str, Any]:
    """Return Scoop's manifest: the folder as an archive, with a command and a shortcut."""
    return {
        "version": VERSION,
        "description": SUMMARY,
        "homepage": RELEASES,
        "license": licence,
        "architecture": {"64bit": {"url": address, "hash": sha256}},
        "extract_dir": "intone",
        "pre_uninstall": SCOOP_QUITS,
        "bin": "intone.exe",
        "shortcuts": [["Intone Dictation.exe", "Intone"]],
    }


def build_yaml(page: Mapping[str, Value]) -> str:
    """Return a page of keys, texts and lists of these as YAML, with every text quoted as JSON quotes it."""
    return "".join(_lines(page, ""))


def _lines(page: Mapping[str, Value], indent: str) -> list[str]:
    found = []
    for key, value in page.items():
        if isinstance(value, Sequence) and not isinstance(value, str):
            found.append(f"{indent}{key}:\n")
            for each in value:
                if isinstance(each, Mapping):
                    first, *others = _lines(each, f"{indent}  ")
                    found += [f"{indent}- {first.lstrip()}", *others]
                else:
                    found.append(f"{indent}- {json.dumps(each, ensure_ascii=False)}\n")
        else:
            found.append(f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}\n")
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
