"""Check what works on this machine, and say how to repair what does not.

The doctor runs when something is missing, so it relies on nothing: each check is a function that imports what it needs
itself and returns a sentence, or raises a `UserError` whose remedy is the repairing command. Any other exception
becomes a finding too.

Checks lie by subject: the desktop and Wayland sessions in `doctor.desktop`, audio in `doctor.audio`, files, models and
the user's choices in `doctor.files`, services in `doctor.network`. `doctor.onboarding` selects those that a new user
must repair.

The checks use the same libraries, devices, files and sockets as the app, and do nothing that the user would notice: no
window, no recording.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from desktop.core.errors import Problem
from desktop.core.paths import paths
from desktop.doctor import audio as sound
from desktop.doctor import desktop as desk
from desktop.doctor import files as chosen

ANSWER_S = 5.0
"""Timeout in seconds for the running app's reply."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `run` returns what it found or raises a `UserError`. `essential`: dictation needs it."""

    name: str
    look: Callable[[], str]
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check. `remedy` is empty where nothing needs to be done."""

    name: str
    ok: bool
    detail: str
    remedy: str
    essential: bool


def examine() -> Iterator[Finding]:
    """Run all checks in the order in which a dictation needs them, yielding each finding as soon as it is known."""
    return map(find, CHECKS)


def find(check: Check) -> Finding:
    """Run one check; any exception becomes a finding."""
    try:
        return Finding(check.name, True, check.look(), "", check.essential)
    except Problem as problem:
        return Finding(check.name, False, problem.title, problem.remedy, check.essential)
    except Exception as error:
        detail = f"This could not be looked at ({type(error).__name__}: {error})."
        return Finding(check.name, False, detail, "Please report this with the line above.", check.essential)


def python() -> str:
    """Report the Python version. It is recent enough, or nothing here would have been installed."""
    return f"Python {platform.python_version()}"


def graphics() -> str:
    """Check whether an NVIDIA card can compute: its driver, and the libraries that CTranslate2 opens.

    Whether it really computes shows only when the model loads; the app reports that.
    """
    from desktop.stt.local import cuda

    if not cuda.driver():
        return "No NVIDIA driver runs: the processor transcribes"
    if reason := cuda.preload():
        raise Problem(f"The NVIDIA card is not used: {reason}.", cuda.REMEDY)
    return "NVIDIA's driver and cuBLAS are here"


def app() -> str:
    """Ask the running app for its status over its socket; no running app is not a fault."""
    from desktop.app.ipc import ask

    reply = ask(paths(), "status", ANSWER_S)
    if reply is None:
        return "Intone is not running; start it with: intone"
    if not reply.get("ready"):
        raise Problem("Intone runs and is not ready yet.", "Mend what is named above; a model may be on its way.")
    note = str(reply.get("note", "")).rstrip(" .")
    return f"Intone runs and is ready. {note}" if note else "Intone runs and is ready"


CHECKS = (
    Check("python", python),
    Check("qt libraries", desk.windows),
    Check("display", desk.screen),
    Check("hotkey", desk.keys),
    Check("host keys", desk.host_keys, essential=False),
    Check("paste", desk.pasting),
    Check("portaudio", sound.portaudio),
    Check("alsa pulse plugin", sound.pulse_plugin, essential=False),
    Check("sound server", sound.sound_server, essential=False),
    Check("microphone", sound.microphone),
    Check("settings", chosen.settings_file, essential=False),
    Check("model", chosen.model),
    Check("language model", chosen.language_model, essential=False),
    Check("vocabulary", chosen.words, essential=False),
    Check("graphics card", graphics, essential=False),
    Check("tray", desk.tray, essential=False),
    Check("own files", chosen.own_files, essential=False),
    Check("private files", chosen.private_files, essential=False),
    Check("encryption", chosen.encryption, essential=False),
    Check("disk", chosen.disk, essential=False),
    Check("app", app, essential=False),
)
