"""Texts about the checks of `intone doctor`: what is missing, and, without a full stop, what works."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Checks
    "check-failed": Text(
        QT_TRANSLATE_NOOP("messages", "This could not be looked at ({kind}: {error})."),
        QT_TRANSLATE_NOOP("messages", "Please report this with the line above."),
    ),
    "checks-interrupted": Text(
        QT_TRANSLATE_NOOP("messages", "The checks ended before they were done."),
        QT_TRANSLATE_NOOP("messages", "Run `intone doctor` in a terminal to see why."),
    ),
    "found-name": Text("{name}"),
    "python-version": Text(QT_TRANSLATE_NOOP("messages", "Python {version}")),
    # The desktop
    "qt-libraries-missing": Text(
        QT_TRANSLATE_NOOP("messages", "System libraries that Qt's windows need are missing."), "{command}"
    ),
    "qt-libraries-found": Text(QT_TRANSLATE_NOOP("messages", "Qt finds its libraries")),
    "screen-missing": Text(
        QT_TRANSLATE_NOOP("messages", "No screen is here: DISPLAY is not set."),
        QT_TRANSLATE_NOOP("messages", "Start Intone from your desktop session."),
    ),
    "x-server-refusal": Text(
        QT_TRANSLATE_NOOP("messages", "The X server at DISPLAY={name} does not let us in."),
        QT_TRANSLATE_NOOP("messages", "Start Intone from your desktop session, as the user whose session it is."),
    ),
    "x11-display-found": Text(QT_TRANSLATE_NOOP("messages", "X11 display {name}, {width} × {height}")),
    "x11-keys-heard": Text(QT_TRANSLATE_NOOP("messages", "XInput 2 hears {names}")),
    "portal-keys-offered": Text(
        QT_TRANSLATE_NOOP("messages", "The desktop lends a key through its GlobalShortcuts portal")
    ),
    "host-keys-free": Text(QT_TRANSLATE_NOOP("messages", "No virtual machine or remote desktop has the same host key")),
    "xtest-missing": Text(
        QT_TRANSLATE_NOOP("messages", "This X server has no XTEST, so text stays on the clipboard."),
        QT_TRANSLATE_NOOP("messages", "Paste it with Ctrl+V."),
    ),
    "key-backends-missing": Text(
        QT_TRANSLATE_NOOP("messages", "Nothing here presses keys for a program, so text stays on the clipboard."),
        "{advice}",
    ),
    "wayland-pasting-found": Text(
        QT_TRANSLATE_NOOP("messages", "Keys by {backend}, the clipboard by {clipboard}, {source} names the window")
    ),
    "wayland-pasting-blind": Text(
        QT_TRANSLATE_NOOP("messages", "Keys by {backend}, the clipboard by {clipboard}, the window is not known")
    ),
    "tray-missing": Text(
        QT_TRANSLATE_NOOP("messages", "No tray is here to show the icon."),
        QT_TRANSLATE_NOOP("messages", "In GNOME: {command}. Elsewhere add a tray to the panel."),
    ),
    "tray-of-desktop": Text(QT_TRANSLATE_NOOP("messages", "A StatusNotifier host shows the icon")),
    "tray-of-panel": Text(QT_TRANSLATE_NOOP("messages", "An X11 tray shows the icon")),
    # Audio
    "portaudio-package-missing": Text(
        QT_TRANSLATE_NOOP("messages", "PortAudio is missing, so no microphone can be opened."), "{command}"
    ),
    "pulse-plugin-missing": Text(QT_TRANSLATE_NOOP("messages", "ALSA cannot reach the sound server."), "{command}"),
    "pulse-plugin-found": Text(QT_TRANSLATE_NOOP("messages", "ALSA has its pulse plugin")),
    "pactl-missing": Text(
        QT_TRANSLATE_NOOP("messages", "The sound server cannot be asked for its microphones."), "{command}"
    ),
    "sound-server-missing": Text(QT_TRANSLATE_NOOP("messages", "No sound server answers."), "{command}"),
    "sound-server-found": Text(QT_TRANSLATE_NOOP("messages", "PulseAudio or PipeWire answers")),
    "sound-server-remote": Text(QT_TRANSLATE_NOOP("messages", "PulseAudio or PipeWire at {address}")),
    "microphone-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no microphone."),
        QT_TRANSLATE_NOOP("messages", "Plug one in, then look at: intone devices."),
    ),
    "microphone-chosen": Text(QT_TRANSLATE_NOOP("messages", "{name}, one of {count}")),
    # Models
    "speech-model-missing": Text(QT_TRANSLATE_NOOP("messages", "No speech model is installed."), "{command}"),
    "models-installed": Text(QT_TRANSLATE_NOOP("messages", "Installed: {names}")),
    "model-installed-at": Text(QT_TRANSLATE_NOOP("messages", "Installed: {name}, at {folder}")),
    "language-model-unused": Text(QT_TRANSLATE_NOOP("messages", "None is asked for")),
    "language-model-elsewhere": Text(QT_TRANSLATE_NOOP("messages", "Another server is asked: {url}")),
    "nvidia-driver-missing": Text(QT_TRANSLATE_NOOP("messages", "No NVIDIA driver runs: the processor transcribes")),
    "nvidia-card-unused": Text(QT_TRANSLATE_NOOP("messages", "The NVIDIA card is not used: {reason}."), "{advice}"),
    "nvidia-libraries-found": Text(QT_TRANSLATE_NOOP("messages", "NVIDIA's driver and cuBLAS are here")),
    # Files
    "file-lines-invalid": Text("{warnings}", QT_TRANSLATE_NOOP("messages", "Mend it in {path}.")),
    "settings-in-force": Text(QT_TRANSLATE_NOOP("messages", "All of the file is in force")),
    "vocabulary-counts": Text(
        QT_TRANSLATE_NOOP("messages", "{words} words, {replacements} replacements, {snippets} snippets")
    ),
    "own-files-invalid": Text(
        "{warnings}", QT_TRANSLATE_NOOP("messages", "Mend it in {folder}; the rest is in force.")
    ),
    "own-files-in-force": Text(QT_TRANSLATE_NOOP("messages", "In force: {names}")),
    "own-files-missing": Text(QT_TRANSLATE_NOOP("messages", "There are none")),
    "files-readable-by-others": Text(
        QT_TRANSLATE_NOOP("messages", "Other users of this machine may read {paths}: the modes cannot be changed."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Check who owns them, or set INTONE_HOME to a folder on a disk that keeps modes; on vfat there are none.",
        ),
    ),
    "more-files-readable-by-others": Text(
        QT_TRANSLATE_NOOP(
            "messages", "Other users of this machine may read {paths}, and more: the modes cannot be changed."
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Check who owns them, or set INTONE_HOME to a folder on a disk that keeps modes; on vfat there are none.",
        ),
    ),
    "files-private": Text(QT_TRANSLATE_NOOP("messages", "Other users of this machine can read none of it")),
    "encryption-pending": Text(
        QT_TRANSLATE_NOOP("messages", "What is kept is not encrypted yet."),
        QT_TRANSLATE_NOOP("messages", "Open the keyring, then start Intone anew."),
    ),
    "encryption-off": Text(QT_TRANSLATE_NOOP("messages", "What is kept is not encrypted")),
    "encryption-on": Text(QT_TRANSLATE_NOOP("messages", "On, and its key is in the keyring")),
    "encryption-ending": Text(QT_TRANSLATE_NOOP("messages", "Intone decrypts what is kept when it runs")),
    "disk-nearly-full": Text(
        QT_TRANSLATE_NOOP("messages", "Only {free} MB are free at {folder}."),
        QT_TRANSLATE_NOOP("messages", "Free {needed} MB there."),
    ),
    "disk-space-free": Text(QT_TRANSLATE_NOOP("messages", "{free} GB free at {folder}")),
    # The running app
    "app-not-running": Text(QT_TRANSLATE_NOOP("messages", "Intone is not running; start it with: intone")),
    "app-not-ready": Text(
        QT_TRANSLATE_NOOP("messages", "Intone runs and is not ready yet."),
        QT_TRANSLATE_NOOP("messages", "Mend what is named above; a model may be on its way."),
    ),
    "app-ready": Text(QT_TRANSLATE_NOOP("messages", "Intone runs and is ready")),
    "app-ready-with-note": Text(QT_TRANSLATE_NOOP("messages", "Intone runs and is ready. {note}")),
    # Services
    "services-unused": Text(
        QT_TRANSLATE_NOOP("messages", "The settings use no service, so nothing leaves this machine."),
        QT_TRANSLATE_NOOP("messages", "Name one: intone doctor --network openai"),
    ),
}
