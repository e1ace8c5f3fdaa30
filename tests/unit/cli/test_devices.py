"""`intone devices` as text; the command over a real sound server is in `test_microphone`."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from desktop.audio.microphone.device import MicrophoneDevice
from desktop.cli import devices


def test_microphone_name_cannot_control_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = "mic\x1b]0;evil\x07"
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    monkeypatch.setattr(
        devices, "list_devices", lambda: [MicrophoneDevice(odd, odd, default=True, rate_hz=48_000, channels=1)]
    )
    assert devices.run(argparse.Namespace(json=False)) == 0
    assert capsys.readouterr().out == "* mic ]0;evil   mic ]0;evil   (the system's default)\n"
