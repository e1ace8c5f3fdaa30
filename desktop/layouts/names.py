"""Which languages a layout stands for: by the user's table, ours, and the system's list of layouts.

The list is xkb's (`evdev.xml` of xkeyboard-config): for each layout and variant its description, by which KDE, sway and
Hyprland name the layout, and its languages.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from desktop.core.files import read_package_toml
from desktop.layouts.layout import KeyboardLayout
from desktop.settings.schema import LANGUAGES

XKB_FOLDER = Path("/usr/share/X11/xkb")
"""Where xkb's files are, unless XKB_CONFIG_ROOT names another folder."""

VARIANT_SIGN = "+"
"""Between a layout and its variant, as GNOME writes it."""


@dataclass(frozen=True, slots=True)
class LayoutList:
    """The system's layouts: their languages by name, as ISO 639-3, and their names by description."""

    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def find_languages(layout: KeyboardLayout, own: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the languages of `layout` by Whisper's codes, empty for any; None if nothing knows them.

    `own` is the user's table, by names in lower case. A variant without an entry has that of its layout, and a tag such
    as `de-CH` that of `de`.
    """
    name = layout.name.lower()
    base = name.partition(VARIANT_SIGN)[0]
    for known in (name, base, name.partition("-")[0]):
        if known in own:
            return own[known]
    tables, listed = _load_tables(), load_layout_list().languages
    for found in (
        tables["methods"].get(name, "").split(),
        layout.languages if not layout.is_plain else (),
        tables["layouts"].get(name, "").split(),
        listed.get(name, ()) if name != base else (),
        tables["layouts"].get(base, "").split(),
        listed.get(base, ()),
        layout.languages,
    ):
        if codes := tuple(dict.fromkeys(filter(None, map(to_whisper_code, found)))):
            return codes
    return None


def to_whisper_code(tag: str) -> str:
    """Return Whisper's code of a language such as `deu`, `zh_CN` or `nb-NO`; empty if it has none."""
    code = tag.replace("_", "-").partition("-")[0].lower()
    code = _load_tables()["codes"].get(code, code)
    return code if code in LANGUAGES else ""


def join_variant(layout: str, variant: str) -> str:
    """Return the name of a layout and its variant, which may be empty."""
    return f"{layout}{VARIANT_SIGN}{variant}" if variant else layout


def name_described(description: str) -> str:
    """Return the name of the layout with this description; the description itself where the list does not have it."""
    return load_layout_list().names.get(description, description)


@functools.cache
def load_layout_list() -> LayoutList:
    """Return the system's list of layouts; an empty one where there is none. 6 ms, once."""
    file = Path(os.environ.get("XKB_CONFIG_ROOT") or XKB_FOLDER, "rules", "evdev.xml")
    try:
        return parse_layout_list(file.read_bytes())
    except (OSError, ElementTree.ParseError):
        return LayoutList()


def parse_layout_list(xml: bytes) -> LayoutList:
    """Return the layouts of `evdev.xml`. Raises `ElementTree.ParseError`."""
    languages: dict[str, tuple[str, ...]] = {}
    names: dict[str, str] = {}
    for layout in ElementTree.fromstring(xml).iter("layout"):  # noqa: S314, the system's own file
        base = layout.findtext("configItem/name", "")
        for item in (*layout.findall("configItem"), *layout.findall("variantList/variant/configItem")):
            own = item.findtext("name", "")
            name = base if own == base else join_variant(base, own)
            languages[name] = tuple(code.text or "" for code in item.findall("languageList/iso639Id"))
            names.setdefault(item.findtext("description", ""), name)
    return LayoutList(languages, names)


@functools.cache
def _load_tables() -> dict[str, dict[str, str]]:
    return read_package_toml("desktop.layouts", "layouts.toml")
