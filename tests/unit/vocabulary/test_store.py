"""`vocabulary.toml`, and the files that a vocabulary comes from and goes to: what is good in them holds."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import SettingsError
from desktop.vocabulary import import_export, store
from desktop.vocabulary.vocabulary import Vocabulary, fold_phrase

WRITTEN = """\
# what I say, and what I mean
[replacements]
"get hub" = "GitHub"  # the site
"" = "nothing is heard"
"number" = 3
"Get-Hub" = "twice"

[snippets]
"my address" = \"\"\"12 High Street
London\"\"\"

[declined]
"cooper netties" = ["Kubernetes"]

[other]
"""


def test_kept_words_are_written_once_and_dropped(path: Path) -> None:
    store.learn(path, "get hub", "GitHub")
    store.learn(path, "Bartlebie", "Bartlebie")
    store.keep_word(path, "bartlebie")
    store.keep_word(path, "pie torch")
    stored = store.load_vocabulary_file(path)
    assert (stored.replacements, stored.kept, stored.warnings) == (
        {"get hub": "GitHub"},
        ("Bartlebie", "pie torch"),
        (),
    )
    assert store.drop_kept_word(path, "Pie Torch")
    assert not store.drop_kept_word(path, "Pie Torch")
    assert store.load_vocabulary_file(path).kept == ("Bartlebie",)
    with pytest.raises(SettingsError):
        store.keep_word(path, "...")


@pytest.mark.parametrize("text", ["[kept]\nwords = 3", "kept = 3", "[kept]\nwords = [3, '', '...']", "[kept]"])
def test_kept_words_that_are_none_are_left_out(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    stored = store.load_vocabulary_file(path)
    assert stored.kept == ()
    assert [warning.code for warning in stored.warnings] == (
        ["vocabulary-entry-left-out"] * 3 if "[3" in text else ["vocabulary-section-no-table"] * ("3" in text)
    )


KEPT = """\
# my notes
[kept]
# names
words = [
    # at work
    "Marie",  # a colleague
    "Joan",
    3,
]
"""


def test_kept_words_change_in_place_with_their_comments(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(KEPT, "utf-8")
    store.keep_word(path, "Bartlett")
    assert path.read_text("utf-8") == KEPT.replace("3,\n", '3,\n    "Bartlett",\n')
    assert store.drop_kept_word(path, "joan")
    assert path.read_text("utf-8") == KEPT.replace('"Joan",\n    3,\n', '3,\n    "Bartlett",\n')
    assert store.load_vocabulary_file(path).kept == ("Marie", "Bartlett")


def test_kept_words_behind_a_comment_on_their_line_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('[kept]\nwords = [\n  "Marie", "Joan", # both\n]\n', "utf-8")
    store.keep_word(path, "Bartlett")
    assert store.load_vocabulary_file(path).kept == ("Marie", "Joan", "Bartlett")


def test_kept_words_without_a_table_stay_without_one(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('kept = ["Marie", "marie"]  # mine\n', "utf-8")
    assert [warning.params["section"] for warning in store.load_vocabulary_file(path).warnings] == ["kept"]
    store.change_kept_words(path, (), ("Joan", "JOAN"))
    assert path.read_text("utf-8") == 'kept = ["Marie", "marie", "Joan"]  # mine\n'
    assert store.drop_kept_word(path, "Marie")
    assert store.load_vocabulary_file(path).kept == ("Joan",)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "vocabulary.toml"


@pytest.fixture
def written(path: Path) -> Path:
    path.parent.mkdir()
    path.write_text(WRITTEN)
    return path


def test_a_bad_entry_costs_only_itself_and_is_named(written: Path) -> None:
    kept = store.load_vocabulary_file(written)
    assert kept.replacements == {"get hub": "GitHub"}
    assert kept.snippets == {"my address": "12 High Street\nLondon"}
    assert kept.declined == {("cooper netties", "Kubernetes")}
    assert tuple(map(str, kept.warnings)) == (
        "vocabulary.toml: there is no section other.",
        "vocabulary.toml: replacements: '' is left out: what is heard is a few words, at most 100 characters.",
        "vocabulary.toml: replacements: 'number' is left out: what is written for it is a text of at most 20000 "
        "characters.",
        "vocabulary.toml: replacements: 'Get-Hub' is left out: it is there twice.",
    )


def test_missing_file_loads_empty_and_is_not_created(path: Path) -> None:
    assert store.load_vocabulary_file(path) == store.StoredVocabulary()
    assert not path.parent.exists()


def test_a_file_that_is_no_toml_is_left_alone_and_said(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("[replacements\n")
    assert len(store.load_vocabulary_file(path).warnings) == 1
    with pytest.raises(SettingsError):
        store.put_entries(path, "replacements", {"a": "b"})
    assert path.read_text() == "[replacements\n"


def test_change_keeps_comments_and_replaces_in_place(written: Path) -> None:
    store.put_entries(written, "replacements", {"GET HUB": "Github Enterprise", "in tone": "Intone"})
    text = written.read_text()
    assert text.startswith("# what I say, and what I mean\n")
    assert "# the site" in text
    assert store.load_vocabulary_file(written).replacements == {"get hub": "Github Enterprise", "in tone": "Intone"}
    assert store.remove_entry(written, "replacements", "get-hub")
    assert not store.remove_entry(written, "replacements", "get-hub")
    assert not store.remove_entry(written, "snippets", "get-hub")
    assert store.load_vocabulary_file(written).replacements == {"in tone": "Intone"}


def test_declined_term_is_known_until_added(path: Path) -> None:
    store.decline_suggestion(path, "get hub", "GitHub")
    store.decline_suggestion(path, "Get Hub", "Gitub")
    assert store.load_vocabulary_file(path).declined == {("get hub", "GitHub"), ("get hub", "Gitub")}
    store.put_entries(path, "replacements", {"get-hub": "GitHub"})
    assert store.load_vocabulary_file(path).declined == {("get hub", "Gitub")}
    store.put_entries(path, "replacements", {"get-hub": "Gitub"})
    assert store.load_vocabulary_file(path).declined == frozenset()


@pytest.mark.parametrize(("heard", "text"), [("", "x"), ("...", "x"), ("a" * 101, "x"), ("a\nb", "x"), ("a", "")])
def test_what_cannot_be_an_entry_is_refused(path: Path, heard: str, text: str) -> None:
    with pytest.raises(SettingsError):
        store.put_entries(path, "replacements", {heard: text})
    assert not path.exists()


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
HEARD = TEXTS.map(str.strip).filter(lambda text: fold_phrase(text) != "" and not store.find_problem(text, "x"))


@given(heard=HEARD, text=TEXTS)
def test_every_text_comes_back_as_it_was_put(tmp_path_factory: pytest.TempPathFactory, heard: str, text: str) -> None:
    path = tmp_path_factory.mktemp("one") / "vocabulary.toml"
    store.put_entries(path, "snippets", {heard: text})
    assert store.load_vocabulary_file(path).snippets == {heard: text}


FULL = Vocabulary(
    ("Ada", "Kubernetes"),
    {"get hub": "GitHub", "张伟": "张玮", "dash": "-"},
    {"my address": '12 "High" St,\nLondon'},
    ("Bartlebie", "=pie torch"),
)


@pytest.mark.parametrize("name", ["all.toml", "all.csv"])
def test_what_is_exported_can_be_imported(tmp_path: Path, name: str) -> None:
    assert import_export.write_vocabulary(FULL, tmp_path / name) == 8
    found = import_export.read_vocabulary(tmp_path / name)
    assert (tuple(found.words), found.replacements, found.snippets) == (FULL.words, FULL.replacements, FULL.snippets)
    assert tuple(found.kept) == FULL.kept
    assert found.warnings == []


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("a.csv", "kind,heard,written\nkept,Bartlebie,\nkept,bartlebie,\nkept,...,\n", ["Bartlebie"]),
        ("a.toml", 'kept = ["Bartlebie", "bartlebie", "..."]\n', ["Bartlebie"]),
        ("a.toml", '[kept]\nwords = ["Bartlebie", "..."]\n', ["Bartlebie"]),
    ],
)
def test_what_is_kept_is_imported_once_and_bad_lines_named(
    tmp_path: Path, name: str, text: str, kept: list[str]
) -> None:
    (tmp_path / name).write_text(text)
    found = import_export.read_vocabulary(tmp_path / name)
    assert found.kept == kept
    assert len(found.warnings) == 1
    assert (found.words, found.replacements, found.snippets) == ([], {}, {})


def test_words_go_one_a_line(tmp_path: Path) -> None:
    assert import_export.write_vocabulary(FULL, tmp_path / "words.txt") == 2
    assert (tmp_path / "words.txt").read_text() == "Ada\nKubernetes\n"
    (tmp_path / "more.txt").write_text("Ada\n\n  Ada \none, two\nGrace Hopper\n")
    found = import_export.read_vocabulary(tmp_path / "more.txt")
    assert found.words == ["Ada", "Grace Hopper"]
    assert [*map(str, found.warnings)] == [
        "more.txt, line 4: A word has a letter or a digit, no comma, and at most 100 characters."
    ]


def test_a_table_of_another_program_is_understood(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text('Original,Replacement\nget hub,GitHub\nGet-Hub,Github\nAda\n,,\nx,"y\nz"\n...,w\n')
    found = import_export.read_vocabulary(table)
    assert found.replacements == {"Get-Hub": "Github", "x": "y\nz"}
    assert found.words == ["Ada"]
    assert [*map(str, found.warnings)] == ["table.csv, line 8: What is heard is a few words, at most 100 characters."]


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("words = [")
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    for name in ("bad.toml", "bytes.txt", "missing.csv"):
        with pytest.raises(SettingsError):
            import_export.read_vocabulary(tmp_path / name)
    with pytest.raises(SettingsError):
        import_export.write_vocabulary(FULL, tmp_path / "all.docx")
    with pytest.raises(SettingsError):
        import_export.write_vocabulary(FULL, tmp_path / "missing" / "all.csv")
    assert tomllib.loads(import_export.EXPORT_FORMATS[".toml"](Vocabulary())[0]) == {
        "words": [],
        "replacements": {},
        "snippets": {},
    }


def test_what_is_too_large_for_a_vocabulary_is_said(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"word\n" * (import_export.MAX_BYTES // 5) + "é".encode())
    with pytest.raises(SettingsError, match=r"is too large for a vocabulary\. Take out"):
        import_export.read_vocabulary(large)
    large.write_bytes(b"word\r\n" * (import_export.MAX_BYTES // 6))
    assert import_export.read_vocabulary(large).words == ["word"]


def test_last_of_two_equal_terms_wins(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(
        "snippet,get hub,a\nreplacement,Get Hub,b\nreplacement,x,c\nreplacement,get-hub,d\nget hub\nGet Hub\n"
    )
    found = import_export.read_vocabulary(table)
    assert list(found.replacements.items()) == [("x", "c"), ("get-hub", "d")]
    assert found.snippets == {"get hub": "a"}
    assert found.words == ["get hub", "Get Hub"]


ODD = ('"', "'''", '"""', "a\nb", "\na", "a\r\nb", "\\", "a # b", "\x7f", "=", "[x]", " ")


def test_bulk_put_matches_single_and_keeps_user_text(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.toml"
    path.write_text('# Mine.\n[replacements] # what is written\n"phrase 7" = "seven" # lucky\n\n[snippets]\na = "b"\n')
    many = {f"Phrase {number}{ODD[number % len(ODD)].strip()[:1]}": ODD[number % len(ODD)] for number in range(300)}
    many = {heard.replace("\n", ""): written for heard, written in many.items()} | {"phrase-7": "SEVEN", "a.b": "c"}
    store.put_entries(path, "replacements", many)
    kept = store.load_vocabulary_file(path)
    assert kept.warnings == ()
    expected = {heard: written for heard, written in many.items() if fold_phrase(heard) != "phrase 7"}
    assert kept.replacements == {"phrase 7": "SEVEN", **expected}
    assert list(kept.replacements)[:3] == ["phrase 7", *list(expected)[:2]]
    assert kept.snippets == {"a": "b"}
    text = path.read_text(encoding="utf-8", newline="")
    for line in (
        "# Mine.\n",
        "[replacements] # what is written\n",
        '"phrase 7" = "SEVEN" # lucky\n',
        '\n\n[snippets]\na = "b"\n',
    ):
        assert line in text
    store.put_entries(path, "replacements", {"one more": "x"})
    assert store.load_vocabulary_file(path).replacements == {**kept.replacements, "one more": "x"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[replacements]\na = "b"\n\n[declined]\nx = ["y"]\n', '[replacements]\na = "b"\n\n'),
        ('[declined]\nx = ["y"]\n\n# mine\n[snippets]\na = "b"\n', '\n# mine\n[snippets]\na = "b"\n'),
        ('[snippets]\na = "b"\n[declined]\nx = ["y"]\n\n# the end\n', '[snippets]\na = "b"\n\n# the end\n'),
        ('[snippets]\na = "b"\n[declined]\nx = ["y"]\n# the end', '[snippets]\na = "b"\n# the end'),
        ('# refused\n[declined]\nx = ["y"]\n', "# refused\n"),
        ('[declined]\n# mine\nx = ["y"]\n\n# and\nz = ["w"]\n# end\n', "[declined]\n# mine\n\n# and\n# end\n"),
        ('[declined] # mine\nx = ["y"]\n', "[declined] # mine\n"),
        ('[declined]\nx = ["y"] # of x\n[snippets]\n', "[snippets]\n"),
        ('[declined]\r\nx = ["y"]\r\n\r\n# mine\r\n[snippets]\r\n', "\n# mine\n[snippets]\n"),
        ('# mine\ndeclined = { x = ["y"] }\n[snippets]\n', "# mine\n[snippets]\n"),
        ('declined.x = ["y"]\n# mine\ndeclined.z = ["w"]\n', "# mine\n"),
        ('[declined.x]\n# in it\ny = "z"\n# mine\n[snippets]\n', "# in it\n# mine\n[snippets]\n"),
        (
            '[declined.x]\ny = "z"\n# one\n[snippets]\na = "b"\n[declined.w]\ny = "z"\n# two\n',
            '# one\n[snippets]\na = "b"\n# two\n',
        ),
    ],
)
def test_forget_declined_keeps_the_users_comments(path: Path, before: str, after: str) -> None:
    path.parent.mkdir()
    path.write_bytes(before.encode())
    kept = store.load_vocabulary_file(path)
    assert store.forget_declined(path)
    assert path.read_text() == after
    assert (store.load_vocabulary_file(path).declined, store.load_vocabulary_file(path).snippets) == (
        frozenset(),
        kept.snippets,
    )
    assert not store.forget_declined(path)
    store.decline_suggestion(path, "jon", "John")
    assert store.load_vocabulary_file(path).declined == {("jon", "John")}
