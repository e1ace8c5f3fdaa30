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
        command="intone doctor",
    ),
    "found-name": Text("{name}"),
    "python-version": Text(QT_TRANSLATE_NOOP("messages", "Python {version}")),
    # The desktop
    "qt-libraries-missing": Text(
        QT_TRANSLATE_NOOP("messages", "System libraries that Qt's windows need are missing."),
        "{command}",
        command="{command}",
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
    "wayland-pill-layered": Text(
        QT_TRANSLATE_NOOP("messages", "Wayland without XWayland: the overlay is on the compositor's top layer")
    ),
    "wayland-pill-missing": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Wayland without XWayland: no overlay is shown, since it would take the focus. With XWayland there is one",
        )
    ),
    "x11-keys-heard": Text(QT_TRANSLATE_NOOP("messages", "XInput 2 hears {names}")),
    "portal-keys-offered": Text(
        QT_TRANSLATE_NOOP("messages", "The desktop lends a key through its GlobalShortcuts portal")
    ),
    "portal-key-given": Text(
        QT_TRANSLATE_NOOP("messages", "The desktop gives {key} through its GlobalShortcuts portal")
    ),
    "host-keys-free": Text(QT_TRANSLATE_NOOP("messages", "No virtual machine or remote desktop has the same host key")),
    "host-keys-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "Not looked at: without XWayland the keys are the desktop's")
    ),
    "layout-unused": Text(
        QT_TRANSLATE_NOOP("messages", "Languages do not go by the keyboard's layout: the settings name them")
    ),
    "layout-known": Text(
        QT_TRANSLATE_NOOP("messages", "{source} tells the keyboard's layout: now {name}, which is {languages}")
    ),
    "layout-known-any": Text(
        QT_TRANSLATE_NOOP("messages", "{source} tells the keyboard's layout: now {name}, with which any language goes")
    ),
    "layout-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "The keyboard's layout is {name} ({source}), and its language is not known."),
        QT_TRANSLATE_NOOP("messages", "Name it: intone settings set recognizer.layouts {name}=en"),
        command="intone settings set recognizer.layouts {name}=en",
    ),
    "layout-untold": Text(
        QT_TRANSLATE_NOOP("messages", "This desktop does not tell programs the keyboard's layout."),
        QT_TRANSLATE_NOOP("messages", "The other languages of recognizer.language are expected, or any without one."),
    ),
    "xtest-missing": Text(
        QT_TRANSLATE_NOOP("messages", "This X server has no XTEST, so text stays on the clipboard."),
        QT_TRANSLATE_NOOP("messages", "Paste it with Ctrl+V."),
    ),
    "key-backends-missing": Text(
        QT_TRANSLATE_NOOP("messages", "Nothing here presses keys for a program, so text stays on the clipboard."),
        "{advice}",
    ),
    "key-backend-by-hand": Text(QT_TRANSLATE_NOOP("messages", "Paste with Ctrl+V, or set up ydotool and its daemon.")),
    "wayland-pasting-found": Text(
        QT_TRANSLATE_NOOP("messages", "Keys by {backend}, the clipboard by {clipboard}, {source} names the window")
    ),
    "wayland-pasting-partly": Text(
        QT_TRANSLATE_NOOP(
            "messages", "Keys by {backend}, the clipboard by {clipboard}, some windows are known by {source}"
        )
    ),
    "wayland-pasting-blind": Text(
        QT_TRANSLATE_NOOP("messages", "Keys by {backend}, the clipboard by {clipboard}, the window is not known")
    ),
    "wayland-pasting-unneeded": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Texts go in by the input method; windows that know none need keys, which are not allowed yet",
        )
    ),
    "input-method-used": Text(
        QT_TRANSLATE_NOOP("messages", "Texts go in by the input method, without the clipboard, where a field has one")
    ),
    "input-method-none": Text(QT_TRANSLATE_NOOP("messages", "None is here; texts go in by the clipboard")),
    "input-method-silent": Text(QT_TRANSLATE_NOOP("messages", "None answers; texts go in by the clipboard")),
    "input-method-unused": Text(
        QT_TRANSLATE_NOOP(
            "messages", "None answers, or yours is more than a keyboard layout; texts go in by the clipboard"
        )
    ),
    "input-method-off": Text(QT_TRANSLATE_NOOP("messages", "Switched off; texts go in by the clipboard")),
    "tray-missing": Text(
        QT_TRANSLATE_NOOP("messages", "No tray is here to show the icon."),
        QT_TRANSLATE_NOOP("messages", "In GNOME: {command}. Elsewhere add a tray to the panel."),
        command="{command}",
    ),
    "tray-of-desktop": Text(QT_TRANSLATE_NOOP("messages", "A StatusNotifier host shows the icon")),
    "tray-of-panel": Text(QT_TRANSLATE_NOOP("messages", "An X11 tray shows the icon")),
    # Audio
    "portaudio-package-missing": Text(
        QT_TRANSLATE_NOOP("messages", "PortAudio is missing, so no microphone can be opened."),
        "{command}",
        command="{command}",
    ),
    "pulse-plugin-missing": Text(
        QT_TRANSLATE_NOOP("messages", "ALSA cannot reach the sound server."), "{command}", command="{command}"
    ),
    "pulse-plugin-found": Text(QT_TRANSLATE_NOOP("messages", "ALSA has its pulse plugin")),
    "pactl-missing": Text(
        QT_TRANSLATE_NOOP("messages", "The sound server cannot be asked for its microphones."),
        "{command}",
        command="{command}",
    ),
    "sound-server-missing": Text(
        QT_TRANSLATE_NOOP("messages", "No sound server answers."), "{command}", command="{command}"
    ),
    "sound-server-found": Text(QT_TRANSLATE_NOOP("messages", "PulseAudio or PipeWire answers")),
    "sound-server-remote": Text(QT_TRANSLATE_NOOP("messages", "PulseAudio or PipeWire at {address}")),
    "calls-heard": Text(QT_TRANSLATE_NOOP("messages", "Off: programs in a call hear your dictations")),
    "calls-muted": Text(QT_TRANSLATE_NOOP("messages", "Programs in a call can be muted while you dictate")),
    "calls-not-muted": Text(
        QT_TRANSLATE_NOOP("messages", "You are not muted in calls: no sound server on this machine answers."),
        "{command}",
        command="{command}",
    ),
    "microphone-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no microphone."),
        QT_TRANSLATE_NOOP("messages", "Plug one in, then look at: intone devices."),
        command="intone devices",
    ),
    "microphone-chosen": Text(QT_TRANSLATE_NOOP("messages", "{name}, one of {count}")),
    # Models
    "speech-model-missing": Text(
        QT_TRANSLATE_NOOP("messages", "No speech model is installed."), "{command}", command="{command}"
    ),
    "models-installed": Text(QT_TRANSLATE_NOOP("messages", "Installed: {names}")),
    "speech-model-unused": Text(QT_TRANSLATE_NOOP("messages", "Not in use: a service transcribes")),
    "model-named": Text(QT_TRANSLATE_NOOP("messages", "The settings name {name}.")),
    "model-installed-at": Text(QT_TRANSLATE_NOOP("messages", "Installed: {name}, at {folder}")),
    "language-model-unused": Text(QT_TRANSLATE_NOOP("messages", "None is asked for")),
    "language-model-elsewhere": Text(QT_TRANSLATE_NOOP("messages", "Another server is asked: {url}")),
    "cuda-not-for-processor": Text(
        QT_TRANSLATE_NOOP("messages", "No NVIDIA card is used on {machine}: the processor transcribes")
    ),
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
    "app-not-ready-with-note": Text(QT_TRANSLATE_NOOP("messages", "Intone runs and is not ready yet."), "{note}"),
    "app-ready": Text(QT_TRANSLATE_NOOP("messages", "Intone runs and is ready")),
    "app-ready-with-note": Text(QT_TRANSLATE_NOOP("messages", "Intone runs and is ready. {note}")),
    # Services
    "services-unused": Text(
        QT_TRANSLATE_NOOP("messages", "The settings use no service, so nothing leaves this machine."),
        QT_TRANSLATE_NOOP("messages", "Name one: intone doctor --network openai"),
        command="intone doctor --network openai",
    ),
    # What is measured of a service
    "column-upgrade": Text(QT_TRANSLATE_NOOP("messages", "upgrade")),
    "column-first-byte": Text(QT_TRANSLATE_NOOP("messages", "first byte")),
    "column-total": Text(QT_TRANSLATE_NOOP("messages", "total")),
    "row-kept": Text(QT_TRANSLATE_NOOP("messages", "kept")),
    "row-kept-ping": Text(QT_TRANSLATE_NOOP("messages", "kept, a ping")),
    "service-way": Text(QT_TRANSLATE_NOOP("messages", "{name}: {way}; the key is in {place}.")),
    "service-way-keyless": Text(QT_TRANSLATE_NOOP("messages", "{name}: {way}; the key is not set.")),
    "way-encrypted": Text("{host}, {version}"),
    "way-certified": Text(QT_TRANSLATE_NOOP("messages", "{host}, {version}, certificate by {issuer}")),
    "way-proxied": Text(QT_TRANSLATE_NOOP("messages", "{way}, through the proxy {proxy}")),
    "status-page": Text(QT_TRANSLATE_NOOP("messages", "status page: {description}")),
    "status-page-silent": Text(QT_TRANSLATE_NOOP("messages", "It did not answer in time.")),
    "status-page-invalid": Text(QT_TRANSLATE_NOOP("messages", "The status page gave an answer that makes no sense.")),
    "upload-rate": Text(QT_TRANSLATE_NOOP("messages", "upload: {rate} Mbit/s, by {seconds} s of noise")),
    "upload-rate-minimum": Text(
        QT_TRANSLATE_NOOP("messages", "upload: at least {rate} Mbit/s, by {seconds} s of noise")
    ),
    "upload-unmeasured": Text(
        QT_TRANSLATE_NOOP(
            "messages", "upload: not measured; --upload sends {seconds} s of noise, which costs what speech does"
        )
    ),
    "response-headers": Text(QT_TRANSLATE_NOOP("messages", "it says: {headers}")),
    "clock-ahead": Text(QT_TRANSLATE_NOOP("messages", "this computer's clock is {seconds} s ahead")),
    "clock-behind": Text(QT_TRANSLATE_NOOP("messages", "this computer's clock is {seconds} s behind")),
    "prompt-token-count": Text(QT_TRANSLATE_NOOP("messages", "{name} {count} tokens")),
    "prompt-token-counts": Text(QT_TRANSLATE_NOOP("messages", "Prompts: {counts}.")),
    # The verdict on the network
    "verdict-network-failure": Text(QT_TRANSLATE_NOOP("messages", "It is your network: {problem}"), "{remedy}"),
    "verdict-service-failure": Text(QT_TRANSLATE_NOOP("messages", "It is their service: {problem}"), "{remedy}"),
    "verdict-account-failure": Text(QT_TRANSLATE_NOOP("messages", "It is your account: {problem}"), "{remedy}"),
    "verdict-settings-failure": Text(QT_TRANSLATE_NOOP("messages", "It is the settings: {problem}"), "{remedy}"),
    "verdict-clock-ahead": Text(
        QT_TRANSLATE_NOOP("messages", "It is your network: this computer's clock is {seconds} s ahead."),
        QT_TRANSLATE_NOOP("messages", "Have it set by the network."),
    ),
    "verdict-clock-behind": Text(
        QT_TRANSLATE_NOOP("messages", "It is your network: this computer's clock is {seconds} s behind."),
        QT_TRANSLATE_NOOP("messages", "Have it set by the network."),
    ),
    "verdict-dns-slow": Text(
        QT_TRANSLATE_NOOP("messages", "It is your network: looking {host} up took {time} ms."),
        QT_TRANSLATE_NOOP("messages", "Use another DNS server, or one that remembers."),
    ),
    "verdict-addresses-unanswered": Text(
        QT_TRANSLATE_NOOP(
            "messages", "It is your network: {count} of the addresses of {host} did not answer before one did."
        ),
        QT_TRANSLATE_NOOP("messages", "Mostly that is IPv6: have it mended, or turn it off."),
    ),
    "verdict-round-trip-slow": Text(
        QT_TRANSLATE_NOOP("messages", "It is your network: a round trip to {host} takes {time} ms."),
        QT_TRANSLATE_NOOP(
            "messages", "It is far, or the network is poor: try a cable, no VPN, or a server that is nearer."
        ),
    ),
    "verdict-tls-slow": Text(
        QT_TRANSLATE_NOOP("messages", "It is your network: agreeing on the encryption with {host} took {time} ms."),
        QT_TRANSLATE_NOOP("messages", "It is far, or a proxy, a VPN or a virus scanner is in between: try without."),
    ),
    "verdict-intermediary": Text(
        QT_TRANSLATE_NOOP("messages", "It is your network: something in between speaks HTTP/1.1 in place of {host}."),
        QT_TRANSLATE_NOOP("messages", "Have the proxy or virus scanner let this host through."),
    ),
    "verdict-intermediary-certified": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "It is your network: something in between speaks HTTP/1.1 in place of {host}, "
            "with a certificate of {issuer}.",
        ),
        QT_TRANSLATE_NOOP("messages", "Have the proxy or virus scanner let this host through."),
    ),
    "verdict-upload-slow": Text(
        QT_TRANSLATE_NOOP(
            "messages", "It is your network: the upload runs at {rate} kbit/s, too slow to keep up with speech."
        ),
        QT_TRANSLATE_NOOP("messages", "Use the local engine here."),
    ),
    "verdict-limit-exhausted": Text(
        QT_TRANSLATE_NOOP("messages", "It is your account: of its limit on {limits} nothing is left."),
        QT_TRANSLATE_NOOP("messages", "Wait, or have {service} raise it."),
    ),
    "limit-pair": Text(QT_TRANSLATE_NOOP("messages", "{first} and {second}")),
    "verdict-service-in-trouble": Text(
        QT_TRANSLATE_NOOP(
            "messages", "It is their service: {service} is in trouble. {service} says of itself: {description}."
        ),
        QT_TRANSLATE_NOOP("messages", "Use another engine until it is over."),
    ),
    "verdict-answers-held-back": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "It is your network: {host} took {time} ms to answer what needs no work, and the way there and back "
            "{round_trip} ms, but it says that it worked for {processing} ms.",
        ),
        QT_TRANSLATE_NOOP("messages", "Something in between holds answers back: a proxy, a VPN or a virus scanner."),
    ),
    "verdict-service-slow": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "It is their service: {host} took {time} ms to answer what needs no work, and the way there and back "
            "{round_trip} ms.",
        ),
        QT_TRANSLATE_NOOP("messages", "Wait, or use another engine or model."),
    ),
    "verdict-service-slow-page": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "It is their service: {host} took {time} ms to answer what needs no work, and the way there and back "
            "{round_trip} ms. {service} says of itself: {description}.",
        ),
        QT_TRANSLATE_NOOP("messages", "Wait, or use another engine or model."),
    ),
    "verdict-prompts-long": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The rest is this app: the prompts have {count} tokens, which are read at every dictation."
        ),
        QT_TRANSLATE_NOOP("messages", "Shorten them."),
    ),
    "verdict-no-fault": Text(
        QT_TRANSLATE_NOOP("messages", "The rest is this app: {host} answers."),
        QT_TRANSLATE_NOOP("messages", "`intone bench cloud` shows what is waited for beyond that."),
        command="intone bench cloud",
    ),
    "verdict-no-fault-wait": Text(
        QT_TRANSLATE_NOOP("messages", "The rest is this app: {host} answers in {time} ms on a kept connection."),
        QT_TRANSLATE_NOOP("messages", "`intone bench cloud` shows what is waited for beyond that."),
        command="intone bench cloud",
    ),
}
