"""The user's own as one list: changed in one write, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import SettingsProblem
from desktop.vocabulary.edits import Change, Listed, listed, make, objection, taking_in, undoing
from desktop.vocabulary.import_export import read


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    settings, own = tmp_path / "settings.toml", tmp_path / "vocabulary.toml"
    settings.write_text('# mine\n[vocabulary]\nwords = ["Intone", "Kubernetes"]\n')
    own.write_text('[replacements]\n# the site\n"get hub" = "GitHub"\n\n[snippets]\n"my address" = "12 High Street"\n')
    return settings, own


def test_words_replacements_and_snippets_are_one_list(files) -> None:
    now = listed(*files)
    assert list(now.words) == ["Intone", "Kubernetes"]
    assert now.of("replacements") == {"get hub": "GitHub"}
    assert now.of("snippets") == {"my address": "12 High Street"}


def test_a_change_is_written_and_comments_stay(files) -> None:
    now = make(
        [
            Change("words", ("intone",), {"kubernetes": "", "Qt": ""}),
            Change("replacements", ("Get Hub",), {"pie test": "pytest"}),
            Change("snippets", put={"MY ADDRESS": "13 High Street\nLondon"}),
        ],
        *files,
    )
    assert list(now.words) == ["kubernetes", "Qt"], "the new one's case holds"
    assert now.replacements == {"pie test": "pytest"}
    assert now.snippets == {"my address": "13 High Street\nLondon"}
    assert "# mine" in files[0].read_text()
    assert "# the site" in files[1].read_text()
    assert listed(*files) == now


CHANGES = [
    [Change("words", put={"Qt": ""})],
    [Change("words", ("Intone",))],
    [Change("words", put={"INTONE": ""})],
    [Change("replacements", ("get hub",), {"git hub": "GitHub"})],
    [Change("replacements", put={"get  hub": "GitLab"})],
    [Change("snippets", ("my address",)), Change("replacements", put={"a": "b"})],
]


@pytest.mark.parametrize("changes", CHANGES)
def test_every_change_can_be_taken_back(files, changes: list[Change]) -> None:
    before = listed(*files)
    assert make(changes, *files) != before
    after = make(undoing(before, changes), *files)
    for kind in ("words", "replacements", "snippets"):
        assert dict(after.of(kind)) == dict(before.of(kind))


def test_bad_entry_refused_and_nothing_written(files) -> None:
    before = listed(*files)
    for change in (Change("words", put={"a,b": ""}), Change("snippets", ("my address",), {"": "x"})):
        with pytest.raises(SettingsProblem, match="cannot be"):
            make([change], *files)
    assert listed(*files) == before


def test_why_something_is_no_entry_is_a_sentence() -> None:
    assert objection("words", "a,b", "").startswith("A word has a letter")
    assert objection("replacements", "heard", "").startswith("What is written")
    assert objection("snippets", "", "text").startswith("What is heard")
    assert (objection("words", "Qt", ""), objection("snippets", "mail", "a\nb")) == ("", "")


def test_many_entries_imported_and_undone_as_one(files, tmp_path: Path) -> None:
    table = tmp_path / "many.csv"
    table.write_text("".join(f"replacement,heard {number},Written {number}\n" for number in range(500)))
    before, changes = listed(*files), taking_in(read(table))
    assert [change.kind for change in changes] == ["replacements"]
    assert len(make(changes, *files).replacements) == 501
    assert make(undoing(before, changes), *files).replacements == before.replacements


def test_what_in_the_file_cannot_be_used_is_told(files) -> None:
    files[1].write_text('[replacements]\n"get hub" = 3\n')
    assert listed(*files).dropped
    assert listed(*files) != Listed()
