"""What works on this machine, and what to do about the rest.

The doctor is asked when something is missing, so it may itself rely on nothing: each check is a function of its own
that returns a sentence, or raises a `Problem` whose remedy is the command that mends it, and imports what it looks at
inside itself. Whatever else a check raises is its finding too, for a doctor that dies of the illness is no use.

They lie by what they look at: the desk (`desk`, and `session` under Wayland), sound (`sound`), the way to a service
(`network`), and what the person has chosen or keeps here (`chosen`). `first_look` is what a newcomer must mend.

It looks at the very libraries, devices, files and sockets that the app uses, and opens nothing that the person would
notice: no window, no recording.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from desktop.doctor import chosen, desk, sound
from desktop.paths import paths
from desktop.problems import Problem

ANSWER_S = 5.0
"""How long the running app may take."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at: `look` returns what it saw or raises a `Problem`. `essential` is what dictation needs."""

    name: str
    look: Callable[[], str]
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check came to. `remedy` is what to do, empty where there is nothing to."""

    name: str
    ok: bool
    detail: str
    remedy: str
    essential: bool


def examine() -> Iterator[Finding]:
    """Look at everything, in the order in which a dictation needs it, one finding as soon as it is known."""
    return map(find, CHECKS)


def find(check: Check) -> Finding:
    """Look, and turn whatever is raised into the finding that it is."""
    try:
        return Finding(check.name, True, check.look(), "", check.essential)
    except Problem as problem:
        return Finding(check.name, False, problem.title, problem.remedy, check.essential)
    except Exception as error:
        detail = f"This could not be looked at ({type(error).__name__}: {error})."
        return Finding(check.name, False, detail, "Please report this with the line above.", check.essential)


def python() -> str:
    """Which Python runs this. It is new enough, or nothing here would have been installed."""
    return f"Python {platform.python_version()}"


def graphics() -> str:
    """Whether an NVIDIA card can be computed on: its driver, and the libraries that CTranslate2 opens.

    Whether it really computes shows when the model loads: the app says so.
    """
    from desktop.recognizers import cuda

    if not cuda.driver():
        return "No NVIDIA driver runs: the processor transcribes"
    if reason := cuda.preload():
        raise Problem(f"The NVIDIA card is not used: {reason}.", cuda.REMEDY)
    return "NVIDIA's driver and cuBLAS are here"


def app() -> str:
    """The running app, asked over its socket; that none runs is no fault."""
    from desktop.control import ask

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
