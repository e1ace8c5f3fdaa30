"""The last step of a download on Windows, which renames no folder while a file in it is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.download import _rename_when_closed


class ScannedFolder(type(Path())):  # type: ignore[misc]
    """A folder whose files are being scanned, so many tries long, as Windows reports it."""

    scans_left = 0
    winerror = 5

    def rename(self, target: Path) -> Path:
        if ScannedFolder.scans_left:
            ScannedFolder.scans_left -= 1
            error = PermissionError(13, "Access is denied")
            error.winerror = ScannedFolder.winerror  # type: ignore[attr-defined]
            raise error
        renamed: Path = super().rename(target)
        return renamed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ScannedFolder:
    monkeypatch.setattr(ScannedFolder, "scans_left", 2)
    made = ScannedFolder(tmp_path / "ready")
    made.mkdir()
    return made


@pytest.mark.parametrize("winerror", [5, 32])
def test_model_being_scanned_is_installed_after_the_scan(
    folder: ScannedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, winerror: int
) -> None:
    monkeypatch.setattr(ScannedFolder, "winerror", winerror)
    _rename_when_closed(folder, tmp_path / "model")
    assert (tmp_path / "model").is_dir()


def test_folder_of_another_user_is_tried_once(
    folder: ScannedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScannedFolder, "winerror", None)  # as on Linux
    with pytest.raises(PermissionError):
        _rename_when_closed(folder, tmp_path / "model")
    assert ScannedFolder.scans_left == 1
