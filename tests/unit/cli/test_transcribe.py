"""`intone transcribe` fetches no model for an engine that safe mode put in place."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.__main__ import main
from desktop.core.paths import find_paths


def test_invalid_line_fetches_no_model_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    paths = find_paths()
    paths.config.mkdir()
    paths.settings.write_text('[recognizer]\nengine = "openai"\n[look]\ntheme = "drak"\n')
    soundfile.write(tmp_path / "said.wav", np.zeros(16_000, np.float32), 16_000)
    assert main(["transcribe", "--json", str(tmp_path / "said.wav")]) == 1
    printed = capsys.readouterr()
    error = json.loads(printed.out)["error"]
    assert error.startswith("No speech model is fetched by itself until look.theme is mended.")
    assert "No sound is sent until look.theme is mended." in printed.err
    assert not paths.models.exists()
