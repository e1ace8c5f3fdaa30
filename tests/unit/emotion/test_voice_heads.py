"""Heads for voices: built, found, replaced, and kept at an upgrade."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from desktop.emotion.voice_heads import HEADS_FOLDER, VoiceHeads
from models.emotion.training.voice import build_head
from models.emotion.voice_classifier import VoiceClassifier
from tests.support.other_systems import PACKAGING, only_on_linux
from tests.support.private_files import is_private
from tests.support.voice_head import write_measures

NAME = "voice-base-ravdess-1"
DEBIAN = Path(__file__).parents[3] / "packaging/debian"
INSTALLED = "opt/intone/lib/python3.13/site-packages/models/emotion/heads"


def test_intone_has_no_head_for_voices() -> None:
    assert [path.stem for path in HEADS_FOLDER.glob("*.npz")] == ["text-en-1"]


def test_built_head_has_figures_and_licence_beside_it(heads_folder: Path) -> None:
    figures = json.loads((heads_folder / f"{NAME}.json").read_text())
    assert (figures["acted"], figures["read"], figures["speakers"]) == (96, 24, 12)
    assert figures["bytes"] == (heads_folder / f"{NAME}.npz").stat().st_size < 20_000
    for order in ("drawn", "sorted"):
        assert figures[f"uar_{order}"] > 2 / 7, "twice what chance finds"
    assert "CC BY-NC-SA 4.0" in (heads_folder / f"{NAME}.md").read_text()


@pytest.mark.parametrize("model", ["base", "tiny.en", "large-v3", "large-v3-turbo"])
def test_head_is_found_by_its_model(heads_folder: Path, tmp_path: Path, model: str) -> None:
    shutil.copyfile(heads_folder / f"{NAME}.npz", tmp_path / f"voice-{model}-ravdess-1.npz")
    heads = VoiceHeads(tmp_path, ())
    assert heads.list_models() == [model]
    assert heads.load(model) is not None
    assert heads.load("large") is heads.load("../base") is heads.load("") is None


def test_no_folder_has_no_heads(tmp_path: Path) -> None:
    heads = VoiceHeads(tmp_path / "none", (tmp_path / "neither",))
    assert heads.list_models() == []
    assert heads.load("base") is None
    assert list(tmp_path.iterdir()) == []


def test_head_counts_when_built_and_until_deleted(heads_folder: Path, tmp_path: Path) -> None:
    heads = VoiceHeads(tmp_path, ())
    assert heads.load("base") is None
    built, _ = build_head([heads_folder / "measures.npz"], "base", tmp_path)
    first = heads.load("base")
    assert first is not None
    assert heads.load("base") is first, "it is read once"
    build_head([write_measures(tmp_path / "measures.npz", seed=2)], "base", tmp_path)
    os.utime(built, ns=(1, 1))  # some file systems have coarse times
    second = heads.load("base")
    assert second is not None
    assert not np.array_equal(first.weights, second.weights)
    built.unlink()
    assert heads.load("base") is None


def arrays(**other: object) -> dict[str, object]:
    ones = np.ones(30, np.float32)
    whole = {"spread": ones, "typical": ones, "weights": np.ones((30, 7)), "biases": np.ones(7), "heat": 1.0}
    return {**whole, **other}


@pytest.mark.parametrize(
    "other",
    [
        {"spread": np.zeros(30)},
        {"typical": np.full(30, np.nan)},
        {"weights": np.ones((30, 6))},
        {"biases": np.ones(6)},
        {"typical": np.ones(29)},
        {"heat": 0.0},
        {"heat": np.inf},
        {"heat": np.ones(3)},
        {"spread": np.array(["a"] * 30)},
        {"spread": np.float32(1)},
        {"weights": np.array([{}] * 30, object)},
    ],
)
def test_damaged_arrays_are_no_head(tmp_path: Path, other: dict[str, object], caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / f"{NAME}.npz"
    np.savez(path, **arrays())  # type: ignore[arg-type]
    assert VoiceHeads(tmp_path, ()).load("base") is not None
    np.savez(path, **arrays(**other))  # type: ignore[arg-type]
    assert VoiceHeads(tmp_path, ()).load("base") is None
    assert "is damaged" in caplog.text


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"nothing of the kind"])
def test_damaged_file_is_no_head(tmp_path: Path, content: bytes) -> None:
    (tmp_path / f"{NAME}.npz").write_bytes(content)
    heads = VoiceHeads(tmp_path, ())
    assert heads.load("base") is None
    assert heads.load("base") is None


@pytest.mark.parametrize(("offset", "value"), [(6, 99), (8, 1), (10, 1)])
def test_damaged_archive_is_no_head(heads_folder: Path, tmp_path: Path, offset: int, value: int) -> None:
    content = bytearray((heads_folder / f"{NAME}.npz").read_bytes())
    entry = content.index(b"PK\1\2")
    content[entry + offset] = value  # its version of the format, encryption, or method of compression
    (tmp_path / f"{NAME}.npz").write_bytes(content)
    heads = VoiceHeads(tmp_path, ())
    assert heads.load("base") is None
    assert heads.list_models() == []


def test_unreadable_head_is_said_and_not_called_damaged(
    heads_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / f"{NAME}.npz"
    path.mkdir()  # what cannot be read by root either
    heads = VoiceHeads(tmp_path, ())
    assert heads.list_models() == []
    assert heads.load("base") is None
    assert heads.problem is not None
    reason = os.strerror(errno.EACCES if sys.platform == "win32" else errno.EISDIR)
    assert heads.problem.title == f"The voice head {path} cannot be read ({reason})."
    assert [record.getMessage() for record in caplog.records] == [f"the voice head {path} cannot be read: {reason}"]
    path.rmdir()
    assert heads.load("base") is None
    assert heads.problem is None


def test_head_counts_once_it_can_be_read(heads_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.npz"
    path.symlink_to(path)
    heads = VoiceHeads(tmp_path, ())
    assert heads.load("base") is None
    assert heads.problem is not None
    path.unlink()
    shutil.copyfile(heads_folder / f"{NAME}.npz", path)
    assert heads.load("base") is not None
    assert heads.problem is None


def test_unreadable_head_is_not_replaced(heads_folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    path = own / f"{NAME}.npz"
    path.symlink_to(path)
    heads = VoiceHeads(own, (heads_folder,))
    assert heads.list_models() == []
    assert path.is_symlink()
    assert heads.problem is not None


def test_unreadable_folder_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    own, reason = tmp_path / "own", os.strerror(errno.ELOOP)
    own.symlink_to(own)
    heads = VoiceHeads(own, ())
    assert heads.list_models() == []
    assert heads.load("base") is None
    assert heads.problem is not None
    assert heads.problem.title == f"The folder for voice heads, {own}, cannot be read ({reason})."
    assert [record.getMessage() for record in caplog.records] == [f"the voice heads in {own} cannot be read: {reason}"]


def test_unreadable_folder_is_said_before_a_head_in_it(tmp_path: Path) -> None:
    own = tmp_path / "own"
    head = own / f"{NAME}.npz"
    head.mkdir(parents=True)
    heads = VoiceHeads(own, ())
    assert heads.load("base") is None
    assert heads.problem is not None
    assert heads.problem.code == "voice-head-unreadable"
    head.rmdir()
    own.rmdir()
    own.symlink_to(own)
    assert heads.load("base") is None
    assert heads.problem.code == "voice-heads-unreadable"


def test_newest_head_that_can_be_used_is_loaded(heads_folder: Path, tmp_path: Path) -> None:
    older, newer, newest = (tmp_path / f"voice-base-ravdess-{version}.npz" for version in (9, 10, 11))
    shutil.copyfile(heads_folder / f"{NAME}.npz", older)
    np.savez(newer, **arrays())  # type: ignore[arg-type]
    newest.write_bytes(b"damaged")
    heads = VoiceHeads(tmp_path, ())
    found = heads.load("base")
    assert found is not None
    assert found.spread.shape == (30,)
    assert heads.list_models() == ["base"]


def test_damaged_head_hides_no_earlier_one(heads_folder: Path, tmp_path: Path) -> None:
    first, second, own = (tmp_path / name for name in ("first", "second", "own"))
    for folder in (first, second, own):
        folder.mkdir()
        (folder / f"{NAME}.npz").write_bytes(b"damaged")
    shutil.copyfile(heads_folder / f"{NAME}.npz", second / f"{NAME}.npz")
    assert VoiceHeads(own, (first, second)).list_models() == ["base"]
    VoiceClassifier.load(own / f"{NAME}.npz")


def test_head_of_an_earlier_package_is_taken_over(heads_folder: Path, tmp_path: Path) -> None:
    earlier, own = tmp_path / "earlier", tmp_path / "data/emotion"
    earlier.mkdir()
    head = shutil.copyfile(heads_folder / f"{NAME}.npz", earlier / f"{NAME}.npz")
    (earlier / "text-en-1.npz").write_bytes(b"words")
    assert VoiceHeads(own, (earlier,)).load("base") is not None
    assert [path.name for path in own.iterdir()] == [head.name]
    assert is_private(own)
    shutil.rmtree(earlier)
    assert VoiceHeads(own, (earlier,)).load("base") is not None, "it stays at the next upgrade"


def test_own_head_is_not_replaced_by_an_earlier_one(heads_folder: Path, tmp_path: Path) -> None:
    earlier, own = tmp_path / "earlier", tmp_path / "own"
    for folder in (earlier, own):
        folder.mkdir()
    shutil.copyfile(heads_folder / f"{NAME}.npz", earlier / f"{NAME}.npz")
    built, _ = build_head([write_measures(tmp_path / "measures.npz", seed=2)], "base", own)
    content = built.read_bytes()
    assert VoiceHeads(own, (earlier,)).list_models() == ["base"]
    assert built.read_bytes() == content != (earlier / f"{NAME}.npz").read_bytes()
    VoiceClassifier.load(built)


def run_script(when: str, root: Path, *arguments: str) -> None:
    only_on_linux(PACKAGING)
    subprocess.run(
        ["sh", DEBIAN / f"intone.{when}", *arguments], env={**os.environ, "DPKG_ROOT": str(root)}, check=True
    )


def test_debian_upgrade_keeps_the_head(heads_folder: Path, tmp_path: Path) -> None:
    installed, kept = tmp_path / INSTALLED, tmp_path / "var/lib/intone"
    installed.mkdir(parents=True)
    run_script("preinst", tmp_path, "install")
    run_script("preinst", tmp_path, "upgrade", "0.1.0", "0.1.0")
    assert not kept.exists()
    shutil.copyfile(heads_folder / f"{NAME}.npz", installed / f"{NAME}.npz")
    run_script("preinst", tmp_path, "upgrade", "0.1.0", "0.1.0")
    shutil.rmtree(tmp_path / "opt")
    run_script("postrm", tmp_path, "upgrade", "0.1.0")
    run_script("preinst", tmp_path, "upgrade", "0.1.0", "0.1.0")
    assert VoiceHeads(tmp_path / "data", (kept / "emotion",)).load("base") is not None


@pytest.mark.parametrize("removal", ["remove", "purge"])
def test_debian_removal_leaves_nothing(tmp_path: Path, removal: str) -> None:
    (tmp_path / "var/lib/intone/emotion").mkdir(parents=True)
    (tmp_path / "var/lib/intone/emotion" / f"{NAME}.npz").write_bytes(b"head")
    run_script("postrm", tmp_path, removal)
    assert list((tmp_path / "var/lib").iterdir()) == []
