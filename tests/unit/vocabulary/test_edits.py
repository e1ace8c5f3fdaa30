"""The user's own as one list: changed in one write, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.settings.live import LiveSettings
from desktop.vocabulary.edits import (
    ENTRY_KINDS,
    VocabularyChange,
    VocabularyEntries,
    apply_changes,
    find_entry_problem,
    import_changes,
    list_entries,
    undo_changes,
)
from desktop.vocabulary.import_export import read_vocabulary
from tests.support.settings import live_settings


@pytest.fixture
def files(tmp_path: Path) -> tuple[LiveSettings, Path]:
    settings, own = tmp_path / "settings.toml", tmp_path / "vocabulary.toml"
    settings.write_text('# mine\n[vocabulary]\nwords = ["Intone", "Kubernetes"]\n')
    own.write_text('[replacements]\n# the site\n"get hub" = "GitHub"\n\n[snippets]\n"my address" = "12 High Street"\n')
    with own.open("a") as file:
        file.write('\n[kept]\nwords = ["Bartlebie"]\n')
    return live_settings(settings), own


def test_words_replacements_and_snippets_are_one_list(files) -> None:
    now = list_entries(*files)
    assert list(now.words) == ["Intone", "Kubernetes"]
    assert now.of_kind("replacements") == {"get hub": "GitHub"}
    assert now.of_kind("snippets") == {"my address": "12 High Street"}


def test_a_change_is_written_and_comments_stay(files) -> None:
    now = apply_changes(
        [
            VocabularyChange("words", ("intone",), {"kubernetes": "", "Qt": ""}),
            VocabularyChange("replacements", ("Get Hub",), {"pie test": "pytest"}),
            VocabularyChange("snippets", added={"MY ADDRESS": "13 High Street\nLondon"}),
        ],
        *files,
    )
    assert list(now.words) == ["kubernetes", "Qt"], "the new one's case holds"
    assert now.replacements == {"pie test": "pytest"}
    assert now.snippets == {"my address": "13 High Street\nLondon"}
    assert "# mine" in files[0].path.read_text()
    assert "# the site" in files[1].read_text()
    assert list_entries(*files) == now


CHANGES = [
    [VocabularyChange("words", added={"Qt": ""})],
    [VocabularyChange("words", ("Intone",))],
    [VocabularyChange("words", added={"INTONE": ""})],
    [VocabularyChange("replacements", ("get hub",), {"git hub": "GitHub"})],
    [VocabularyChange("replacements", added={"get  hub": "GitLab"})],
    [VocabularyChange("snippets", ("my address",)), VocabularyChange("replacements", added={"a": "b"})],
    [VocabularyChange("kept", ("bartlebie",))],
    [VocabularyChange("kept", added={"BARTLEBIE": "", "Tinsley": ""})],
]


@pytest.mark.parametrize("changes", CHANGES)
def test_every_change_can_be_taken_back(files, changes: list[VocabularyChange]) -> None:
    before = list_entries(*files)
    assert apply_changes(changes, *files) != before
    after = apply_changes(undo_changes(before, changes), *files)
    for kind in ENTRY_KINDS:
        assert dict(after.of_kind(kind)) == dict(before.of_kind(kind))


def test_bad_entry_refused_and_nothing_written(files) -> None:
    before = list_entries(*files)
    for change in (
        VocabularyChange("words", added={"a,b": ""}),
        VocabularyChange("snippets", ("my address",), {"": "x"}),
    ):
        with pytest.raises(SettingsError, match="cannot be"):
            apply_changes([change], *files)
    assert list_entries(*files) == before


def test_why_something_is_no_entry_is_a_sentence() -> None:
    assert str(find_entry_problem("words", "a,b", "")).startswith("A word has a letter")
    assert str(find_entry_problem("replacements", "heard", "")).startswith("What is written")
    assert str(find_entry_problem("snippets", "", "text")).startswith("What is heard")
    assert (find_entry_problem("words", "Qt", ""), find_entry_problem("snippets", "mail", "a\nb")) == (None, None)


def test_many_entries_imported_and_undone_as_one(files, tmp_path: Path) -> None:
    table = tmp_path / "many.csv"
    table.write_text("".join(f"replacement,heard {number},Written {number}\n" for number in range(500)))
    before, changes = list_entries(*files), import_changes(read_vocabulary(table))
    assert [change.kind for change in changes] == ["replacements"]
    assert len(apply_changes(changes, *files).replacements) == 501
    assert apply_changes(undo_changes(before, changes), *files).replacements == before.replacements


def test_what_in_the_file_cannot_be_used_is_told(files) -> None:
    files[1].write_text('[replacements]\n"get hub" = 3\n')
    assert list_entries(*files).warnings
    assert list_entries(*files) != VocabularyEntries()
