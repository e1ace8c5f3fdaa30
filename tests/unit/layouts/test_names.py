"""Which languages a layout stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.layouts import names
from desktop.layouts.layout import KeyboardLayout
from desktop.layouts.names import LayoutList, find_languages, load_layout_list, parse_layout_list, to_whisper_code

XML = b"""<xkbConfigRegistry><layoutList>
<layout>
  <configItem><name>ch</name><description>German (Switzerland)</description>
    <languageList><iso639Id>deu</iso639Id><iso639Id>gsw</iso639Id></languageList></configItem>
  <variantList>
    <variant><configItem><name>fr</name><description>French (Switzerland)</description>
      <languageList><iso639Id>fra</iso639Id></languageList></configItem></variant>
    <variant><configItem><name>legacy</name><description>German (old)</description></configItem></variant>
  </variantList>
</layout>
<layout>
  <configItem><name>epo</name><description>Esperanto</description>
    <languageList><iso639Id>epo</iso639Id></languageList></configItem>
</layout>
<layout>
  <configItem><name>md</name><description>Moldavian</description>
    <languageList><iso639Id>ron</iso639Id></languageList></configItem>
</layout>
</layoutList></xkbConfigRegistry>"""


@pytest.fixture(autouse=True)
def layout_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's list is the one above."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/evdev.xml").write_bytes(XML)
    monkeypatch.setenv("XKB_CONFIG_ROOT", str(tmp_path))
    load_layout_list.cache_clear()


@pytest.mark.parametrize(
    ("layout", "languages"),
    [
        (KeyboardLayout("us"), ("en",)),
        (KeyboardLayout("us+dvorak"), ("en",)),
        (KeyboardLayout("CZ"), ("cs",)),
        (KeyboardLayout("ch"), ("de", "fr", "it")),
        (KeyboardLayout("ch+fr"), ("fr",)),
        (KeyboardLayout("ch+legacy"), ("de", "fr", "it")),
        (KeyboardLayout("md"), ("ro",)),
        (KeyboardLayout("libpinyin", ("zh_CN",)), ("zh",)),
        (KeyboardLayout("mozc-jp", ()), ("ja",)),
        (KeyboardLayout("jyutping", ("zh_HK",)), ("yue",)),
        (KeyboardLayout("m17n:ta:itrans", ("ta",)), ("ta",)),
        (KeyboardLayout("de-CH", ("de-CH",)), ("de",)),
        (KeyboardLayout("nb-NO", ("nb-NO",)), ("no",)),
        (KeyboardLayout("ch", ("de",), is_plain=True), ("de", "fr", "it")),
        (KeyboardLayout("epo"), None),
        (KeyboardLayout("own", ("tlh",)), None),
        (KeyboardLayout(""), None),
    ],
)
def test_layout_has_languages(layout: KeyboardLayout, languages: tuple[str, ...] | None) -> None:
    assert find_languages(layout, {}) == languages


@pytest.mark.parametrize(
    ("own", "languages"),
    [
        ({"us": ("cs",)}, ("cs",)),
        ({"us+intl": ("cs", "de")}, ("cs", "de")),
        ({"us": ("cs",), "us+intl": ("fr",)}, ("fr",)),
        ({"us": ()}, ()),
        ({"us+dvorak": ("cs",)}, ("en",)),
    ],
)
def test_users_table_comes_first(own: dict[str, tuple[str, ...]], languages: tuple[str, ...]) -> None:
    assert find_languages(KeyboardLayout("us+intl"), own) == languages


def test_users_table_names_tags_of_windows() -> None:
    assert find_languages(KeyboardLayout("en-US", ("en-US",)), {"en-us": ("cs",)}) == ("cs",)
    assert find_languages(KeyboardLayout("en-GB", ("en-GB",)), {"en": ("cs",)}) == ("cs",)


@pytest.mark.parametrize(
    ("tag", "code"),
    [("ces", "cs"), ("zh_TW", "zh"), ("yue", "yue"), ("jv", "jw"), ("fil", "tl"), ("EN", "en"), ("und", ""), ("", "")],
)
def test_tag_is_a_language_of_whisper(tag: str, code: str) -> None:
    assert to_whisper_code(tag) == code


def test_list_names_descriptions() -> None:
    assert names.name_described("French (Switzerland)") == "ch+fr"
    assert names.name_described("French (Mars)") == "French (Mars)"


def test_system_without_a_list_knows_common_layouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XKB_CONFIG_ROOT", str(tmp_path / "none"))
    load_layout_list.cache_clear()
    assert load_layout_list() == LayoutList()
    assert find_languages(KeyboardLayout("cz+qwerty"), {}) == ("cs",)


def test_every_code_of_the_tables_is_whispers() -> None:
    tables = names._load_tables()
    codes = {
        code for kind in ("layouts", "methods") for languages in tables[kind].values() for code in languages.split()
    }
    assert {code for code in codes | set(tables["codes"].values()) if to_whisper_code(code) != code} == set()


def test_parsed_list_keeps_the_languages_of_a_variant() -> None:
    assert parse_layout_list(XML).languages["ch+fr"] == ("fra",)
