"""References beside their recordings, and results that a broken-off run leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.bench.dataset import DatasetItem, ItemResult, ResultFile, load_results, read_manifest, sample_items
from desktop.core.errors import UserError

HEARD = ItemResult("a.wav", "base", 0, "en", "hello", "", "hello", "hello", 1.5)


def folder(path: Path, manifest: str, *files: str) -> Path:
    (path / "manifest.tsv").write_text(manifest)
    for name in files:
        (path / name).touch()
    return path


def test_columns_match_by_name_with_defaults(tmp_path: Path) -> None:
    manifest = 'seconds\tpath\ttext\tcased\tlang\n1\ta.wav\tsay "hello\tSay "hello.\t\n2\tb.wav\t你好\t\tzh\n3\tc.wav\n'
    assert read_manifest(folder(tmp_path, manifest, "a.wav", "b.wav", "c.wav")) == [
        DatasetItem("a.wav", 'say "hello', "en", 'Say "hello.'),
        DatasetItem("b.wav", "你好", "zh"),
        DatasetItem("c.wav", "", "en"),
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
def test_invalid_manifest_raises_a_clear_error(tmp_path: Path, manifest: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        read_manifest(folder(tmp_path, manifest, "a.wav"))


def test_missing_manifest_error_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Give a folder with audio files and a manifest\.tsv"):
        read_manifest(tmp_path)


def test_sample_depends_on_seed_and_keeps_order() -> None:
    items = [DatasetItem(f"{number}.wav", "") for number in range(100)]
    some = sample_items(items, 10, seed=3)
    assert some == sample_items(items, 10, seed=3) == sorted(some, key=items.index)
    assert some != sample_items(items, 10, seed=4)
    assert sample_items(items, 100, seed=3) == sample_items(items, None, seed=3) == items


def test_results_of_same_model_and_seed_are_reused(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    others = [replace(HEARD, path="b.wav", model="tiny.en"), replace(HEARD, path="c.wav", seed=1)]
    for heard in (HEARD, *others):
        ResultFile(out).add(heard)
    assert load_results(ResultFile(out).lines, "base", 0) == {"a.wav": HEARD}


def test_truncated_line_is_skipped_without_harm(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ResultFile(out).add(HEARD)
    with out.open("a") as file:
        file.write('{"path": "b.w')
    ResultFile(out).add(replace(HEARD, path="c.wav"))
    assert list(load_results(ResultFile(out).lines, "base", 0)) == ["a.wav", "c.wav"]


def test_unwritable_results_fail_before_measuring(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Give another --out"):
        ResultFile(tmp_path / "nowhere" / "out.jsonl")
