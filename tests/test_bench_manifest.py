"""References beside their recordings, and results that a broken-off run leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.bench.dataset import Heard, Item, Results, drawn, known, read
from desktop.core.errors import Problem

HEARD = Heard("a.wav", "base", 0, "en", "hello", "", "hello", "hello", 1.5)


def folder(path: Path, manifest: str, *files: str) -> Path:
    (path / "manifest.tsv").write_text(manifest)
    for name in files:
        (path / name).touch()
    return path


def test_columns_are_found_by_name_and_what_is_missing_has_a_default(tmp_path: Path) -> None:
    manifest = 'seconds\tpath\ttext\tcased\tlang\n1\ta.wav\tsay "hello\tSay "hello.\t\n2\tb.wav\t你好\t\tzh\n3\tc.wav\n'
    assert read(folder(tmp_path, manifest, "a.wav", "b.wav", "c.wav")) == [
        Item("a.wav", 'say "hello', "en", 'Say "hello.'),
        Item("b.wav", "你好", "zh"),
        Item("c.wav", "", "en"),
    ]


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        ("", "names no recording"),
        ("path\ttext\n", "names no recording"),
        ("file\ttext\na.wav\thello\n", "no column path"),
        ("path\twords\na.wav\thello\n", "no column text"),
        ("path\ttext\na.wav\thello\ngone.wav\thello\n", "names 1 files that are not there, gone.wav first"),
    ],
)
def test_a_manifest_that_is_wrong_is_told_in_a_sentence(tmp_path: Path, manifest: str, why: str) -> None:
    with pytest.raises(Problem, match=why):
        read(folder(tmp_path, manifest, "a.wav"))


def test_a_folder_without_a_manifest_is_told_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"Give a folder with audio files and a manifest\.tsv"):
        read(tmp_path)


def test_a_draw_depends_on_its_seed_alone_and_keeps_the_order() -> None:
    items = [Item(f"{number}.wav", "") for number in range(100)]
    some = drawn(items, 10, seed=3)
    assert some == drawn(items, 10, seed=3) == sorted(some, key=items.index)
    assert some != drawn(items, 10, seed=4)
    assert drawn(items, 100, seed=3) == drawn(items, None, seed=3) == items


def test_results_of_the_same_model_and_seed_are_taken_up_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    others = [replace(HEARD, path="b.wav", model="tiny.en"), replace(HEARD, path="c.wav", seed=1)]
    for heard in (HEARD, *others):
        Results(out).add(heard)
    assert known(Results(out).lines, "base", 0) == {"a.wav": HEARD}


def test_a_line_that_was_cut_in_half_is_passed_over_and_spoils_no_other(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    Results(out).add(HEARD)
    with out.open("a") as file:
        file.write('{"path": "b.w')
    Results(out).add(replace(HEARD, path="c.wav"))
    assert list(known(Results(out).lines, "base", 0)) == ["a.wav", "c.wav"]


def test_results_that_cannot_be_written_are_told_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="Give another --out"):
        Results(tmp_path / "nowhere" / "out.jsonl")
