"""Which microphones there are, and which of them is opened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.audio.microphone.devices import list_devices
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.core.errors import MicrophoneError
from tests.support.sound_server import Sound


def test_the_microphones_are_those_of_the_sound_server(sound: Sound) -> None:
    sound.plug("headset", rate_hz=16_000)
    assert {(device.id, device.name, device.default) for device in list_devices()} == {
        ("vmic", "vmic-description", True),
        ("headset", "headset-description", False),
    }
    sound.choose("headset")
    sound.unplug("vmic")
    assert [(device.id, device.default) for device in list_devices()] == [("headset", True)]


@pytest.mark.anyio
async def test_first_present_chosen_microphone_or_default(sound: Sound) -> None:
    sound.plug("headset")
    for wanted, name in (
        (("headset",), "headset-description"),
        (("gone", "headset-description", "vmic"), "headset-description"),
        ((), "vmic-description"),
        (("gone",), "vmic-description"),
    ):
        async with SystemMicrophone(wanted).open() as recording:
            assert recording.device == name
    assert "PULSE_SOURCE" not in os.environ


@pytest.mark.anyio
async def test_no_microphone_is_a_problem_with_a_remedy(sound: Sound) -> None:
    microphone = SystemMicrophone()
    assert microphone.find_problem() is None
    sound.unplug()
    problem = microphone.find_problem()
    assert problem is not None
    assert str(problem) == "No microphone was found. Connect one, or turn it on in the sound settings."
    with pytest.raises(MicrophoneError):
        async with microphone.open():
            pass


def test_the_command_prints_an_object_a_microphone(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound.plug("headset")
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('[audio]\ndevice = ["gone", "headset"]\n')
    command = [sys.executable, "-m", "desktop", "devices", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"id": "vmic", "name": "vmic-description", "default": True, "chosen": False},
        {"id": "headset", "name": "headset-description", "default": False, "chosen": True},
    ]
    assert result.stderr == ""
