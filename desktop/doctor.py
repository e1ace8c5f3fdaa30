"""What works on this machine, and what to do about the rest.

The doctor is asked when something is missing, so it may itself rely on nothing: each check is a function of its own
that returns a sentence, or raises a `Problem` whose remedy is the command that mends it, and imports what it looks at
inside itself. Whatever else a check raises is its finding too, for a doctor that dies of the illness is no use.

It looks at the very libraries, devices, files and sockets that the app uses, and opens nothing that the person would
notice: no window, no recording.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import socket
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.paths import paths
from desktop.problems import Problem

if TYPE_CHECKING:
    from Xlib.display import Display

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0t64",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
}
"""What PySide6's wheel takes from the system (`ldd` of its Gui, DBus and XcbQpa) and Debian's name for it; what these
depend on comes with them."""

ROOM_BYTES = 500_000_000
"""The base model twice over (it is put together beside its place), and recordings for a week."""

TRAY = "org.kde.StatusNotifierWatcher"

ANSWER_S = 5.0
"""How long anything that is asked may take."""


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


def apt(*packages: str) -> str:
    """The command that installs Debian packages."""
    return f"sudo apt-get install -y {' '.join(packages)}"


def python() -> str:
    """Which Python runs this. It is new enough, or nothing here would have been installed."""
    return f"Python {platform.python_version()}"


def windows() -> str:
    """Qt's system libraries, without which no window opens."""
    if missing := [package for library, package in QT_LIBRARIES.items() if not _loads(library)]:
        raise Problem("System libraries that Qt's windows need are missing.", apt(*missing))
    return "Qt finds its libraries"


def screen() -> str:
    """The X server, which windows, keys and pasting all go through."""
    with _x11() as display:
        size = display.screen()
        return f"X11 display {display.get_display_name()}, {size.width_in_pixels} × {size.height_in_pixels}"


def keys() -> str:
    """The keys of the settings, heard while another window has the focus; in a Wayland session its portal's."""
    from desktop import doctor_wayland
    from desktop.hotkey import wayland

    if wayland.is_session(os.environ):
        return doctor_wayland.talk_key(os.environ)
    with _x11() as display:
        from desktop.hotkey.checkup import heard

        return heard(display.get_display_name())


def host_keys() -> str:
    """A virtual machine or a remote desktop that keeps one of our keys for itself."""
    with _x11() as display:
        from desktop.hotkey.checkup import beside_hosts

        return beside_hosts(display)


def pasting() -> str:
    """XTEST, by which the paste chord is pressed, or what a Wayland compositor has in its stead."""
    if os.environ.get("WAYLAND_DISPLAY"):
        from desktop import doctor_wayland

        return doctor_wayland.pasting(os.environ)
    with _x11() as display:
        if not display.has_extension("XTEST"):
            raise Problem("This X server has no XTEST, so text stays on the clipboard.", "Paste it with Ctrl+V.")
        return "XTEST"


def portaudio() -> str:
    """The library that sounddevice opens microphones with; its wheel for Linux does not bring it."""
    try:
        version = ctypes.CDLL("libportaudio.so.2").Pa_GetVersionText
    except OSError as error:
        raise Problem("PortAudio is missing, so no microphone can be opened.", apt("libportaudio2")) from error
    version.restype = ctypes.c_char_p
    return str(version().decode()).partition(",")[0]


def pulse_plugin() -> str:
    """ALSA's device `pulse`: Debian's PortAudio knows ALSA alone and reaches a sound server through it."""
    plugin = "alsa-lib/libasound_module_pcm_pulse.so"
    folders = [f"/usr/lib/{sysconfig.get_config_var('MULTIARCH')}", "/usr/lib64", "/usr/lib"]
    if not any((Path(folder) / plugin).exists() for folder in folders):
        raise Problem("ALSA cannot reach the sound server.", apt("libasound2-plugins"))
    return "ALSA has its pulse plugin"


def sound_server() -> str:
    """PulseAudio's socket, which PipeWire serves too, and the program that asks it for its microphones."""
    if not shutil.which("pactl"):
        raise Problem("The sound server cannot be asked for its microphones.", apt("pulseaudio-utils"))
    runtime = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    server = os.environ.get("PULSE_SERVER", f"unix:{runtime}/pulse/native")
    if not server.startswith(("unix:", "/")):
        return f"on {server}"
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(ANSWER_S)
        try:
            client.connect(server.removeprefix("unix:"))
        except OSError as error:
            raise Problem("No sound server answers.", "systemctl --user start pipewire-pulse") from error
    return "PulseAudio or PipeWire answers"


def microphone() -> str:
    """At least one device to hear with. It is not opened: that would light its lamp."""
    from desktop.microphone import devices, first
    from desktop.settings import load

    found = devices()
    chosen = first(found, load(paths().settings).settings.audio.device)
    if chosen is None:
        raise Problem("There is no microphone.", "Plug one in, then look at: intone devices")
    return f"{chosen.name}, one of {len(found)}" if found[1:] else chosen.name


def model() -> str:
    """The speech model of the settings: there, and of its full size."""
    from desktop.settings import load
    from desktop.settings_tree import AUTO
    from models.catalogue import ModelError
    from models.store import Store

    store = Store(paths().models)
    chosen = load(paths().settings).settings.recognizer.model
    if chosen == AUTO:
        if not (installed := ", ".join(store.installed())):
            raise Problem("No speech model is installed.", "intone models pull base")
        return f"Installed: {installed}"
    try:
        return f"{chosen} in {store.resolve(chosen)}"
    except ModelError as error:
        raise Problem(error.title, error.remedy) from error


def language_model() -> str:
    """The language model of the settings, where it is one on this machine: there, with what runs it."""
    from desktop.settings import load
    from desktop.settings_tree import LOCAL

    settings = load(paths().settings).settings
    if settings.polish.mode != "llm" and settings.emotion.engine != "llm":
        return "None is asked for"
    if settings.polish.url != LOCAL:
        return f"Another server is asked: {settings.polish.url}"
    from desktop.chat import local_file

    found = local_file.find(local_file.store(paths().models), settings.polish.model)
    local_file.require_library()
    return f"{found.name} in {found.file.parent}"


def words() -> str:
    """The user's own words: what in their file cannot be used."""
    from desktop.settings import load
    from desktop.vocabulary import file

    kept = file.load(paths().vocabulary)
    if kept.dropped:
        raise Problem(" ".join(kept.dropped), f"Mend it in {paths().vocabulary}")
    count = len(load(paths().settings).settings.vocabulary.words)
    return f"{count} words, {len(kept.replacements)} replacements, {len(kept.snippets)} snippets"


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


def own_files() -> str:
    """What the person says of applications and of styles, as far as it can be read."""
    from desktop.paste import applications
    from desktop.polish import styles

    there = [file for file in (paths().applications, paths().styles) if file.exists()]
    dropped = applications.load(paths().applications).dropped + styles.load(paths().styles).dropped
    if dropped:
        raise Problem(" ".join(dropped), f"Mend it in {paths().config}; the rest is in force.")
    return f"In force: {', '.join(file.name for file in there)}" if there else "There are none"


def tray() -> str:
    """Somebody who shows tray icons: a StatusNotifier host, as desktops have now, or an X11 tray, as panels had."""
    if _on_session_bus(TRAY):
        return "A StatusNotifier host shows the icon"
    with suppress(Problem), _x11() as display:
        if display.get_selection_owner(display.intern_atom("_NET_SYSTEM_TRAY_S0")):
            return "An X11 tray shows the icon"
    raise Problem(
        "No tray is here to show the icon.",
        f"In GNOME: {apt('gnome-shell-extension-appindicator')}. Elsewhere add a tray to the panel.",
    )


def disk() -> str:
    """Room for a model and recordings where the data lies."""
    data = paths().data
    there = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < ROOM_BYTES:
        raise Problem(f"Only {free / 1e6:.0f} MB are free at {there}.", f"Free {ROOM_BYTES / 1e6:.0f} MB there.")
    return f"{free / 1e9:.0f} GB free at {there}"


def app() -> str:
    """The running app, asked over its socket; that none runs is no fault."""
    from desktop.control import ask

    reply = ask(paths(), "status", ANSWER_S)
    if reply is None:
        return "Intone is not running; start it with: intone"
    if not reply.get("ready"):
        raise Problem("Intone runs and is not ready yet.", "Mend what is named above; a model may be on its way.")
    return f"Intone runs and is ready. {reply.get('note', '')}".rstrip(" .")


CHECKS = (
    Check("python", python),
    Check("qt libraries", windows),
    Check("display", screen),
    Check("hotkey", keys),
    Check("host keys", host_keys, essential=False),
    Check("paste", pasting),
    Check("portaudio", portaudio),
    Check("alsa pulse plugin", pulse_plugin, essential=False),
    Check("sound server", sound_server, essential=False),
    Check("microphone", microphone),
    Check("model", model),
    Check("language model", language_model, essential=False),
    Check("vocabulary", words, essential=False),
    Check("graphics card", graphics, essential=False),
    Check("tray", tray, essential=False),
    Check("own files", own_files, essential=False),
    Check("disk", disk, essential=False),
    Check("app", app, essential=False),
)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@contextmanager
def _x11() -> Iterator[Display]:
    """A connection of the check's own. Raises `Problem` where there is no server to reach."""
    from Xlib import error
    from Xlib.display import Display

    name = os.environ.get("DISPLAY")
    if not name:
        raise Problem("No screen is here: DISPLAY is not set.", "Start Intone from your desktop session.")
    try:
        display = Display(name)
    except (error.DisplayError, error.ConnectionClosedError, OSError) as cause:
        remedy = "Start Intone from your desktop session, as the user whose session it is."
        raise Problem(f"The X server at DISPLAY={name} does not let us in.", remedy) from cause
    try:
        yield display
    finally:
        display.close()


def _on_session_bus(name: str) -> bool:
    """Whether somebody has this name on the session bus; False as well where there is no bus."""
    import anyio
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus
    from dbus_fast.errors import DBusFastError

    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if not address:
        return False

    async def owned() -> bool:
        with anyio.fail_after(ANSWER_S):
            bus = await MessageBus(address).connect()
            try:
                there = "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner"
                reply = await bus.call(Message(*there, signature="s", body=[name]))
            finally:
                bus.disconnect()
        return reply is not None and reply.body == [True]

    try:
        return anyio.run(owned)
    except (OSError, DBusFastError, EOFError):
        return False
