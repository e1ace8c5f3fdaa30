"""Texts about keys and shortcuts."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Names of keys and buttons
    "key-left": Text(QT_TRANSLATE_NOOP("messages", "Left {key}")),
    "key-right": Text(QT_TRANSLATE_NOOP("messages", "Right {key}")),
    "key-chord": Text("{held}+{key}"),
    "button-middle": Text(QT_TRANSLATE_NOOP("messages", "Middle Button")),
    "button-back": Text(QT_TRANSLATE_NOOP("messages", "Back Button")),
    "button-forward": Text(QT_TRANSLATE_NOOP("messages", "Forward Button")),
    "button-numbered": Text(QT_TRANSLATE_NOOP("messages", "Button {key}")),
    # Keys in the settings
    "chord-modifier-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "“{name}” cannot be held in a chord."),
        QT_TRANSLATE_NOOP("messages", "A chord may hold ctrl, alt, shift and super."),
    ),
    "modifier-side-missing": Text(
        QT_TRANSLATE_NOOP("messages", "“{name}” does not say which {label} key is meant."),
        QT_TRANSLATE_NOOP("messages", "Write {modifier}_l for the left or {modifier}_r for the right."),
    ),
    "button-reserved": Text(
        QT_TRANSLATE_NOOP("messages", "“{name}” is needed in every window."),
        QT_TRANSLATE_NOOP("messages", "Use another one, for example button8, which is Back on most mice."),
    ),
    "key-name-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "There is no key named “{name}”."),
        QT_TRANSLATE_NOOP("messages", "Name a key like ctrl_r, f9 or pause, or a chord like ctrl+alt+space."),
    ),
    "chord-without-key": Text(
        QT_TRANSLATE_NOOP("messages", "“{name}” ends in a modifier."),
        QT_TRANSLATE_NOOP("messages", "Use one modifier by itself, or end the chord in another key."),
    ),
    "typing-key-alone": Text(
        QT_TRANSLATE_NOOP("messages", "“{name}” is needed for typing."),
        QT_TRANSLATE_NOOP("messages", "Hold ctrl, alt or super with it, for example ctrl+alt+{key}."),
    ),
    "paste-key-bound": Text(
        QT_TRANSLATE_NOOP("messages", "{key} is pressed to put text into windows, so it cannot {action}."),
        QT_TRANSLATE_NOOP("messages", "Choose another key."),
    ),
    "cancel-key-unsuited": Text(
        QT_TRANSLATE_NOOP("messages", "{key} cannot cancel."),
        QT_TRANSLATE_NOOP("messages", "Choose one key without others, for example esc."),
    ),
    "modifier-bound-alone": Text(
        QT_TRANSLATE_NOOP("messages", "{key} by itself is part of every shortcut, so it cannot {action}."),
        QT_TRANSLATE_NOOP("messages", "Choose another key, or keys together, for example ctrl+alt+v."),
    ),
    "key-bound-twice": Text(
        QT_TRANSLATE_NOOP("messages", "{key} cannot both {first} and {second}."),
        QT_TRANSLATE_NOOP("messages", "Choose another key for one of the two."),
    ),
    "chord-unreachable": Text(
        QT_TRANSLATE_NOOP("messages", "{key} talks as soon as it is pressed, so {chord} never would."),
        QT_TRANSLATE_NOOP("messages", "Choose a key without {modifier} for one of the two."),
    ),
    "action-talk": Text(QT_TRANSLATE_NOOP("messages", "talk")),
    "action-send": Text(QT_TRANSLATE_NOOP("messages", "send")),
    "action-edit": Text(QT_TRANSLATE_NOOP("messages", "edit")),
    "action-again": Text(QT_TRANSLATE_NOOP("messages", "say a word again")),
    "action-languages": Text(QT_TRANSLATE_NOOP("messages", "change the language")),
    "action-paste-last": Text(QT_TRANSLATE_NOOP("messages", "paste again")),
    "action-undo": Text(QT_TRANSLATE_NOOP("messages", "undo")),
    "action-swap": Text(QT_TRANSLATE_NOOP("messages", "swap")),
    "action-find": Text(QT_TRANSLATE_NOOP("messages", "find a dictation")),
    "action-emotion": Text(QT_TRANSLATE_NOOP("messages", "turn expression off and on")),
    "action-cancel": Text(QT_TRANSLATE_NOOP("messages", "cancel")),
    # Unavailable keys
    "keys-unavailable": Text("{problems}", "{advice}"),
    "key-taken": Text(
        QT_TRANSLATE_NOOP("messages", "{key} is taken by another program."),
        QT_TRANSLATE_NOOP("messages", "Free it there, or choose another one in the settings."),
    ),
    "key-missing": Text(
        QT_TRANSLATE_NOOP("messages", "This keyboard has no {key} key."),
        QT_TRANSLATE_NOOP("messages", "Choose another one in the settings, for example {suggestion} ({name})."),
    ),
    "key-missing-on-system": Text(
        QT_TRANSLATE_NOOP("messages", "Keyboards for this system have no {key} key."),
        QT_TRANSLATE_NOOP("messages", "Choose another one in the settings, for example Right Alt (alt_r) or F9 (f9)."),
    ),
    "mouse-unheard": Text(
        QT_TRANSLATE_NOOP("messages", "Intone does not hear the mouse on this system."),
        QT_TRANSLATE_NOOP("messages", "Choose a key in the settings."),
    ),
    "host-key-conflict": Text(
        QT_TRANSLATE_NOOP("messages", "{key} lets go of the keyboard in {program}, which runs."),
        QT_TRANSLATE_NOOP(
            "messages", "Choose another key in the settings, for example {suggestion} ({name}), or another one there."
        ),
    ),
    # Systems without keys
    "hotkeys-failed": Text(
        QT_TRANSLATE_NOOP("messages", "Something went wrong, and no key is heard any more."),
        QT_TRANSLATE_NOOP("messages", "Start Intone again."),
    ),
    "hotkeys-without-display": Text(
        QT_TRANSLATE_NOOP("messages", "There is no display, so no key can be heard."),
        QT_TRANSLATE_NOOP("messages", "Start Intone from a desktop session."),
    ),
    "hotkeys-display-unopened": Text(
        QT_TRANSLATE_NOOP("messages", "The display “{display}” cannot be opened, so no key is heard."),
        QT_TRANSLATE_NOOP(
            "messages", "Start Intone from the desktop's own session, or set DISPLAY and XAUTHORITY to it."
        ),
    ),
    "hotkeys-display-lost": Text(
        QT_TRANSLATE_NOOP("messages", "The connection to the display is gone."),
        QT_TRANSLATE_NOOP("messages", "Start Intone again in the running session."),
    ),
    "hotkeys-display-unresponsive": Text(
        QT_TRANSLATE_NOOP("messages", "The display does not answer, so the keys were not changed."),
        QT_TRANSLATE_NOOP("messages", "Start Intone again."),
    ),
    "xinput-missing": Text(
        QT_TRANSLATE_NOOP("messages", "This X server cannot report keys (it has no XInput 2)."),
        QT_TRANSLATE_NOOP("messages", "Start Intone on another display."),
    ),
    "windows-keys-denied": Text(
        QT_TRANSLATE_NOOP("messages", "Windows does not let Intone hear keys."),
        QT_TRANSLATE_NOOP("messages", "Start Intone again."),
    ),
    "macos-keys-lost": Text(
        QT_TRANSLATE_NOOP("messages", "macOS no longer lets Intone hear keys."),
        QT_TRANSLATE_NOOP("messages", "Start Intone again."),
    ),
    "macos-keys-denied": Text(
        QT_TRANSLATE_NOOP("messages", "macOS does not let Intone hear keys."),
        QT_TRANSLATE_NOOP(
            "messages", "Open System Settings, Privacy & Security, {pane}, allow Intone, and start it again."
        ),
    ),
    "macos-talk-key-denied": Text(
        QT_TRANSLATE_NOOP("messages", "macOS does not let Intone hear its talk key."),
        QT_TRANSLATE_NOOP(
            "messages", "Open System Settings, Privacy & Security, {pane}, allow Intone, and start it again."
        ),
    ),
    "macos-key-presses-denied": Text(
        QT_TRANSLATE_NOOP("messages", "macOS does not let Intone press keys in other programs."),
        QT_TRANSLATE_NOOP(
            "messages", "Open System Settings, Privacy & Security, {pane}, allow Intone, and start it again."
        ),
    ),
    "portal-key-unasked": Text(
        QT_TRANSLATE_NOOP("messages", "Your desktop has not been asked for a talk key yet."),
        QT_TRANSLATE_NOOP(
            "messages", "Open the settings, About, The first steps, and choose a key on the page “A key to talk”."
        ),
    ),
    "portal-key-asked": Text(
        QT_TRANSLATE_NOOP("messages", "Your desktop is asking for the talk key."),
        QT_TRANSLATE_NOOP("messages", "Answer in its dialog. Until then there is no talk key."),
    ),
    "portal-key-refused": Text(
        QT_TRANSLATE_NOOP("messages", "Your desktop gave Intone no talk key."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Ask again in the settings, About, The first steps, on the page “A key to talk”, or bind a key to this "
            "command in the desktop's keyboard settings:\n"
            "intone toggle\n"
            "Press its key once to talk and once more to end.",
        ),
        command="intone toggle",
    ),
    "portal-key-empty": Text(
        QT_TRANSLATE_NOOP("messages", "Your desktop knows the talk key of Intone, but no key is set for it."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Perhaps another program has {key}. Choose a key for “Hold to talk” in the desktop's settings for keys.",
        ),
    ),
    "portal-key-lost": Text(
        QT_TRANSLATE_NOOP("messages", "Your desktop does not give Intone its talk key at the moment."),
        QT_TRANSLATE_NOOP(
            "messages",
            "If it stays so, ask again in the settings, About, The first steps, on the page “A key to talk”.",
        ),
    ),
    # The same on the page that asks again
    "portal-key-refused-here": Text(
        QT_TRANSLATE_NOOP("messages", "Your desktop gave Intone no talk key."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Ask again by the button below, or bind a key to this command in the desktop's keyboard settings:\n"
            "intone toggle\n"
            "Press its key once to talk and once more to end.",
        ),
        command="intone toggle",
    ),
    "portal-key-lost-here": Text(
        QT_TRANSLATE_NOOP("messages", "Your desktop does not give Intone its talk key at the moment."),
        QT_TRANSLATE_NOOP("messages", "If it stays so, ask again by the button below."),
    ),
    # What the desktop's dialog calls the keys
    "shortcut-talk": Text(QT_TRANSLATE_NOOP("messages", "Hold to talk")),
    "shortcut-send": Text(QT_TRANSLATE_NOOP("messages", "Hold to talk, then press Return")),
    "shortcut-edit": Text(QT_TRANSLATE_NOOP("messages", "Hold to say what becomes of the selection")),
    "shortcut-again": Text(QT_TRANSLATE_NOOP("messages", "Hold to say a misheard word again")),
    "shortcut-languages": Text(QT_TRANSLATE_NOOP("messages", "Next language")),
    "shortcut-paste-last": Text(QT_TRANSLATE_NOOP("messages", "Paste the last dictation again")),
    "shortcut-undo": Text(QT_TRANSLATE_NOOP("messages", "Undo the last insertion")),
    "shortcut-swap": Text(QT_TRANSLATE_NOOP("messages", "Swap spoken and polished text")),
    "shortcut-find": Text(QT_TRANSLATE_NOOP("messages", "Find the dictation of the selection")),
    "shortcut-emotion": Text(QT_TRANSLATE_NOOP("messages", "Note how it sounded, or no more")),
    # Wayland without a portal of keys
    "wayland-keys-sway": Text(
        QT_TRANSLATE_NOOP("messages", "In a Wayland session only the desktop itself can hear the talk key."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Add these two lines to ~/.config/sway/config and reload sway; then hold F9 to talk:\n"
            "bindsym --no-repeat F9 exec intone start\n"
            "bindsym --release F9 exec intone stop",
        ),
        command="bindsym --no-repeat F9 exec intone start\nbindsym --release F9 exec intone stop",
    ),
    "wayland-keys-hyprland": Text(
        QT_TRANSLATE_NOOP("messages", "In a Wayland session only the desktop itself can hear the talk key."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Add these two lines to ~/.config/hypr/hyprland.conf; then hold F9 to talk:\n"
            "bind = , F9, exec, intone start\n"
            "bindr = , F9, exec, intone stop\n"
            "With ~/.config/hypr/hyprland.lua (Hyprland 0.55 and later) they are:\n"
            'hl.bind("F9", hl.dsp.exec_cmd("intone start"))\n'
            'hl.bind("F9", hl.dsp.exec_cmd("intone stop"), {{ release = true }})',
        ),
        command="bind = , F9, exec, intone start\nbindr = , F9, exec, intone stop",
        further_commands=(
            'hl.bind("F9", hl.dsp.exec_cmd("intone start"))\n'
            'hl.bind("F9", hl.dsp.exec_cmd("intone stop"), {{ release = true }})',
        ),
    ),
    "wayland-keys-labwc": Text(
        QT_TRANSLATE_NOOP("messages", "In a Wayland session only the desktop itself can hear the talk key."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Add this line to the keyboard section of ~/.config/labwc/rc.xml and run labwc --reconfigure:\n"
            '<keybind key="F9"><action name="Execute" command="intone toggle" /></keybind>\n'
            "Press F9 once to talk and once more to end.",
        ),
        command='<keybind key="F9"><action name="Execute" command="intone toggle" /></keybind>',
    ),
    "wayland-keys-gnome": Text(
        QT_TRANSLATE_NOOP("messages", "In a Wayland session only the desktop itself can hear the talk key."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Open Settings, Keyboard, View and Customise Shortcuts, Custom Shortcuts, and add one with this command:\n"
            "intone toggle\n"
            "Press its key once to talk and once more to end.",
        ),
        command="intone toggle",
    ),
    "wayland-keys-kde": Text(
        QT_TRANSLATE_NOOP("messages", "In a Wayland session only the desktop itself can hear the talk key."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Open System Settings, Keyboard, Shortcuts, choose Add New, Command or Script, and give it this command:\n"
            "intone toggle\n"
            "Press its key once to talk and once more to end.",
        ),
        command="intone toggle",
    ),
    "wayland-keys-other": Text(
        QT_TRANSLATE_NOOP("messages", "In a Wayland session only the desktop itself can hear the talk key."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Bind a key to this command in your desktop's keyboard settings:\n"
            "intone toggle\n"
            "Press it once to talk and once more to end. If your desktop can run a command on a key's release too, "
            "bind the press to\n"
            "intone start\n"
            "and the release to\n"
            "intone stop",
        ),
        command="intone toggle",
        further_commands=("intone start", "intone stop"),
    ),
}
