"""Check audio: the libraries, the sound server, and a microphone."""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import sysconfig
from pathlib import Path

from desktop.core.errors import UserError, apt_command
from desktop.core.messages import Message
from desktop.core.paths import find_paths

SOUND_SERVER_TIMEOUT_S = 5.0
"""Timeout in seconds for the sound server."""


def check_portaudio() -> Message:
    """Check PortAudio, with which sounddevice opens microphones; its Linux wheel does not include it."""
    try:
        version = ctypes.CDLL("libportaudio.so.2").Pa_GetVersionText
    except OSError as error:
        raise UserError("portaudio-package-missing", command=apt_command("libportaudio2")) from error
    version.restype = ctypes.c_char_p
    return Message("found-name", name=str(version().decode()).partition(",")[0])


def check_pulse_plugin() -> Message:
    """Check ALSA's `pulse` plugin: Debian's PortAudio supports only ALSA and reaches a sound server through it."""
    plugin = "alsa-lib/libasound_module_pcm_pulse.so"
    folders = [f"/usr/lib/{sysconfig.get_config_var('MULTIARCH')}", "/usr/lib64", "/usr/lib"]
    if not any((Path(folder) / plugin).exists() for folder in folders):
        raise UserError("pulse-plugin-missing", command=apt_command("libasound2-plugins"))
    return Message("pulse-plugin-found")


def check_sound_server() -> Message:
    """Check PulseAudio's socket, which PipeWire serves too, and `pactl`, which lists its microphones."""
    if not shutil.which("pactl"):
        raise UserError("pactl-missing", command=apt_command("pulseaudio-utils"))
    runtime = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    server = os.environ.get("PULSE_SERVER", f"unix:{runtime}/pulse/native")
    if not server.startswith(("unix:", "/")):
        return Message("sound-server-remote", address=server)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(SOUND_SERVER_TIMEOUT_S)
        try:
            client.connect(server.removeprefix("unix:"))
        except OSError as error:
            raise UserError("sound-server-missing", command="systemctl --user start pipewire-pulse") from error
    return Message("sound-server-found")


def check_calls() -> Message:
    """Check whether the user can be muted in calls, if the settings want that. Nothing is muted."""
    from desktop.audio.calls.protocol import ProtocolError
    from desktop.audio.calls.restore import BlockingConnection
    from desktop.settings.live import load_in_force

    if load_in_force(find_paths()).settings.audio.calls == "off":
        return Message("calls-heard")
    try:
        BlockingConnection(os.environ).close()
    except (OSError, ProtocolError) as error:
        raise UserError("calls-not-muted", command="systemctl --user start pipewire-pulse") from error
    return Message("calls-muted")


def check_microphone() -> Message:
    """Check that a microphone exists. It is not opened: that would turn on its indicator light."""
    from desktop.audio.microphone.devices import find_preferred, list_devices
    from desktop.settings.live import load_in_force

    found = list_devices()
    chosen = find_preferred(found, load_in_force(find_paths()).settings.audio.device)
    if chosen is None:
        raise UserError("microphone-missing")
    if len(found) == 1:
        return Message("found-name", name=chosen.name)
    return Message("microphone-chosen", name=chosen.name, count=len(found))
