"""What Windows calls things, and what helps there: its own words for codes of all systems, and codes of its own.

`INSTEAD` has the codes whose other texts name what Windows does not have: packages, sound servers, Secret Services. Its
templates name no parameter that those do not.
"""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

_START_MANAGER = QT_TRANSLATE_NOOP("messages", "Start the service “Credential Manager” (services.msc), and try again.")
_SIGN_IN = QT_TRANSLATE_NOOP(
    "messages",
    "Sign in to Windows as the user who encrypted it; if the key is lost, move history.sealed.db and history.seal away "
    "to begin a new history.",
)
_TAKE_AWAY = QT_TRANSLATE_NOOP(
    "messages",
    "Take their permissions away (Properties, Security), or set INTONE_HOME to a folder inside your user folder.",
)
_INSTALL_AGAIN = QT_TRANSLATE_NOOP("messages", "Install Intone again.")
_START_AGAIN = QT_TRANSLATE_NOOP("messages", "Start Intone again. If that does not help, start Windows again.")

INSTEAD: dict[str, Text] = {
    # The running app and its installation
    "app-missing": Text(
        QT_TRANSLATE_NOOP("messages", "Intone is not running."),
        QT_TRANSLATE_NOOP("messages", "Start it from the Start menu, or with `intone`."),
        command="intone",
    ),
    "app-gone": Text(
        QT_TRANSLATE_NOOP("messages", "Intone went away before it answered."),
        QT_TRANSLATE_NOOP("messages", "Start it from the Start menu, or with `intone`."),
        command="intone",
    ),
    "app-not-running": Text(
        QT_TRANSLATE_NOOP("messages", "Intone is not running; start it from the Start menu, or with: intone")
    ),
    "app-running-elsewhere": Text(
        QT_TRANSLATE_NOOP("messages", "Intone is already running, in another session."),
        QT_TRANSLATE_NOOP("messages", "Sign in there and quit it."),
    ),
    "runtime-folder-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "Intone cannot use {folder} ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check whether you may write there, and the disk."),
    ),
    "autostart-unwritable": Text(
        QT_TRANSLATE_NOOP("messages", "Intone cannot be made to start when you sign in."), "{reason}"
    ),
    "extra-not-addable": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Run the installer of the add-on intone-{extra}, which is beside Intone's own.",
        )
    ),
    "extra-command": Text(
        QT_TRANSLATE_NOOP(
            "messages", "Install Intone with it: `uv tool install .[{extra}]` in the folder of its source."
        )
    ),
    "bench-package-missing": Text(
        QT_TRANSLATE_NOOP("messages", "This measurement needs {package}, which is not installed."),
        QT_TRANSLATE_NOOP(
            "messages", "Install Intone with it: `uv tool install .[bench]` in the folder of its source."
        ),
    ),
    "settings-link-broken": Text(
        QT_TRANSLATE_NOOP("messages", "{path} is a link to what is not there."),
        QT_TRANSLATE_NOOP("messages", "Mend the link, or connect the drive that it leads to."),
    ),
    # Keys that are bound
    "key-of-the-desktop": Text(
        QT_TRANSLATE_NOOP("messages", "{key} belongs to Windows, which may not give it, or no longer does what it did.")
    ),
    # Sound
    "microphone-unopened": Text(
        QT_TRANSLATE_NOOP("messages", "{device} could not be opened."),
        QT_TRANSLATE_NOOP(
            "messages",
            "See whether another program holds it and whether Windows' privacy settings allow it, or choose another "
            "microphone in the settings.",
        ),
    ),
    "microphone-unresponsive": Text(QT_TRANSLATE_NOOP("messages", "The microphone does not answer."), _START_AGAIN),
    "microphone-silent": Text(
        QT_TRANSLATE_NOOP("messages", "{device} is silent."),
        QT_TRANSLATE_NOOP(
            "messages", "Is it muted at its switch, shut off in Windows' privacy settings, or the wrong one?"
        ),
    ),
    "portaudio-missing": Text(
        QT_TRANSLATE_NOOP("messages", "PortAudio is missing, so no microphone can be opened."), _INSTALL_AGAIN
    ),
    "sound-server-unresponsive": Text(QT_TRANSLATE_NOOP("messages", "Windows' sound does not answer."), _START_AGAIN),
    "sound-server-answer-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' sound gives an answer that makes no sense."), _START_AGAIN
    ),
    "sound-server-stopped": Text(QT_TRANSLATE_NOOP("messages", "Windows' sound stopped.")),
    "sound-server-was-unresponsive": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' sound did not answer for {seconds} s.")
    ),
    "cue-unplayable": Text(
        QT_TRANSLATE_NOOP("messages", "Sound cannot be played here."),
        QT_TRANSLATE_NOOP("messages", "Is there a loudspeaker, and is it turned up?"),
    ),
    "player-missing": Text(
        QT_TRANSLATE_NOOP("messages", "Sound cannot be played here."),
        QT_TRANSLATE_NOOP("messages", "Is there a loudspeaker, and is it turned up?"),
    ),
    # The graphics card
    "vulkan-failed": Text(
        QT_TRANSLATE_NOOP("messages", "The graphics card is not used, and the processor transcribes: {reason}."),
        QT_TRANSLATE_NOOP(
            "messages", "Install the card's newest driver and restart Intone, or choose another model in the settings."
        ),
    ),
    "vulkan-process-ended": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The graphics card is not used, and the processor transcribes: the card's driver failed."
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Install the card's newest driver and restart Intone, or choose another model in the settings."
        ),
    ),
    # Keys of services
    "key-file-exposed": Text(
        QT_TRANSLATE_NOOP("messages", "The key in {path} is not used: other users of this machine can read it."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Take their permissions away (Properties, Security), or keep the key in Windows' Credential Manager with "
            "`intone key set {name}`.",
        ),
        command="intone key set {name}",
    ),
    "keyring-missing-for-key": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' Credential Manager does not answer, so keys cannot be kept in it."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Start the service “Credential Manager” (services.msc); or set {variable}, or keep the key unencrypted: "
            "intone key set {name} --plain",
        ),
        command="intone key set {name} --plain",
    ),
    "keyring-missing": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' Credential Manager does not answer, so keys cannot be kept in it."),
        _START_MANAGER,
    ),
    "keyring-locked-for-key": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' Credential Manager does not open."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Sign in to Windows again; or set {variable}, or keep the key unencrypted: intone key set {name} --plain",
        ),
        command="intone key set {name} --plain",
    ),
    "keyring-locked": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' Credential Manager does not open."),
        QT_TRANSLATE_NOOP("messages", "Sign in to Windows again, and try again."),
    ),
    "keyring-failed-for-key": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' Credential Manager does not work ({error})."),
        QT_TRANSLATE_NOOP("messages", "Set {variable}, or keep the key unencrypted: intone key set {name} --plain"),
        command="intone key set {name} --plain",
    ),
    "keyring-failed": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' Credential Manager does not work ({error})."), _START_MANAGER
    ),
    "keyring-forgetful-for-key": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' Credential Manager did not keep the key."),
        QT_TRANSLATE_NOOP("messages", "Set {variable}, or keep the key unencrypted: intone key set {name} --plain"),
        command="intone key set {name} --plain",
    ),
    "keyring-forgetful": Text(
        QT_TRANSLATE_NOOP("messages", "Windows' Credential Manager did not keep the key."), _START_MANAGER
    ),
    "key-place-keyring": Text(QT_TRANSLATE_NOOP("messages", "Windows' Credential Manager")),
    # What is kept, and its key
    "files-readable-by-others": Text(
        QT_TRANSLATE_NOOP("messages", "Other users of this machine may read {paths}."), _TAKE_AWAY
    ),
    "more-files-readable-by-others": Text(
        QT_TRANSLATE_NOOP("messages", "Other users of this machine may read {paths}, and more."), _TAKE_AWAY
    ),
    "history-marker-damaged": Text(
        QT_TRANSLATE_NOOP("messages", "{path} does not say how the history is encrypted."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Copy it back from a backup, or remove it: the key in Windows' Credential Manager is then tried.",
        ),
    ),
    "history-keyring-closed": Text(
        QT_TRANSLATE_NOOP("messages", "The history is encrypted, and Windows' Credential Manager does not answer yet."),
        QT_TRANSLATE_NOOP("messages", "What you say meanwhile is kept as soon as it does."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept; say it again once it does."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again once it does."),
    ),
    "history-key-missing": Text(
        QT_TRANSLATE_NOOP("messages", "The history is encrypted, and its key is not in Windows' Credential Manager."),
        _SIGN_IN,
    ),
    "history-key-different": Text(
        QT_TRANSLATE_NOOP("messages", "The history is encrypted, and Windows' Credential Manager has another key."),
        _SIGN_IN,
    ),
    "history-key-invalid": Text(
        QT_TRANSLATE_NOOP(
            "messages", "Windows' Credential Manager has no key under intone/history, but something else."
        )
    ),
    "history-key-wrong": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The history is encrypted, and the key in Windows' Credential Manager does not open it."
        ),
        _SIGN_IN,
    ),
    "encryption-pending": Text(
        QT_TRANSLATE_NOOP("messages", "What is kept is not encrypted yet."),
        QT_TRANSLATE_NOOP(
            "messages", "Start Intone again. If it stays so, start the service “Credential Manager” (services.msc)."
        ),
    ),
    "encryption-on": Text(QT_TRANSLATE_NOOP("messages", "On, and its key is in Windows' Credential Manager")),
}
"""The texts that Windows has instead, by the code."""

_OPEN_PRIVACY = "start ms-settings:privacy-microphone"

TEXTS: dict[str, Text] = {
    # The microphone
    "microphone-access-denied": Text(
        QT_TRANSLATE_NOOP("messages", "Windows does not let desktop apps use the microphone."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Open this page of Windows' settings, and allow the microphone to apps and to desktop apps:\n"
            "start ms-settings:privacy-microphone",
        ),
        command=_OPEN_PRIVACY,
    ),
    "microphone-access-denied-to-all": Text(
        QT_TRANSLATE_NOOP("messages", "The microphone is switched off for all users of this computer."),
        QT_TRANSLATE_NOOP(
            "messages",
            "An administrator can switch it on, on this page of Windows' settings:\n"
            "start ms-settings:privacy-microphone",
        ),
        command=_OPEN_PRIVACY,
    ),
    "microphone-access-given": Text(QT_TRANSLATE_NOOP("messages", "Windows lets desktop apps use the microphone")),
    # Libraries
    "runtime-library-missing": Text(
        QT_TRANSLATE_NOOP(
            "messages", "Libraries of Microsoft's C++ are missing ({names}), so the speech model cannot be loaded."
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Install Microsoft's Visual C++ Redistributable by this command, or Intone again:\n"
            "winget install Microsoft.VCRedist.2015+.x64",
        ),
        command="winget install Microsoft.VCRedist.2015+.x64",
    ),
    "runtime-library-found": Text(QT_TRANSLATE_NOOP("messages", "Microsoft's C++ libraries are here")),
    # Keys and texts
    "hook-keys-heard": Text(QT_TRANSLATE_NOOP("messages", "Windows lets Intone hear {names}")),
    "clipboard-held-open": Text(
        QT_TRANSLATE_NOOP("messages", "{name} holds the clipboard open, so no text can be put into windows."),
        QT_TRANSLATE_NOOP("messages", "Wait for it, or close it."),
    ),
    "paste-all-windows": Text(QT_TRANSLATE_NOOP("messages", "The clipboard answers, and all windows take keys")),
    "paste-but-elevated": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The clipboard answers, and windows take keys, but for those that run as administrator"
        )
    ),
    "clipboard-history-off": Text(QT_TRANSLATE_NOOP("messages", "Off: Windows keeps only what was copied last")),
    "clipboard-history-on": Text(
        QT_TRANSLATE_NOOP("messages", "On (Win+V): Intone asks Windows to keep its texts out of it")
    ),
    "clipboard-history-uploaded": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Windows sends what you copy to your other devices; Intone asks it to leave its texts out",
        )
    ),
    # The session
    "taskbar-found": Text(
        QT_TRANSLATE_NOOP("messages", "The taskbar shows the icon, or has it behind the arrow beside the clock")
    ),
    "taskbar-missing": Text(
        QT_TRANSLATE_NOOP("messages", "No taskbar is here to show the icon."),
        QT_TRANSLATE_NOOP("messages", "Restart Windows Explorer in the Task Manager."),
    ),
    "autostart-off": Text(QT_TRANSLATE_NOOP("messages", "Off, as in the settings")),
    "autostart-on": Text(QT_TRANSLATE_NOOP("messages", "Intone starts when you sign in")),
    "autostart-unwanted": Text(
        QT_TRANSLATE_NOOP("messages", "Windows starts {path} when you sign in, though the settings do not ask for it."),
        QT_TRANSLATE_NOOP("messages", "Switch that on and off again in the settings."),
    ),
    "autostart-missing": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The settings have Intone start when you sign in, but Windows does not know of it."
        ),
        QT_TRANSLATE_NOOP("messages", "Switch that off and on again in the settings."),
    ),
    "autostart-disabled": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The settings have Intone start when you sign in, but the Task Manager stops it."
        ),
        QT_TRANSLATE_NOOP("messages", "Enable Intone in the Task Manager, under Startup apps."),
    ),
    "autostart-stale": Text(
        QT_TRANSLATE_NOOP("messages", "Windows starts {path} when you sign in, which is not there any more."),
        QT_TRANSLATE_NOOP("messages", "Switch that off and on again in the settings."),
    ),
    # Files
    "files-in-profile": Text(
        QT_TRANSLATE_NOOP("messages", "They lie in your user folder, which Windows keeps closed to other users")
    ),
    "files-closed-to-others": Text(
        QT_TRANSLATE_NOOP("messages", "The access lists of their folders keep other users out")
    ),
    "folder-open-to-others": Text(
        QT_TRANSLATE_NOOP("messages", "Other users of this computer have access to {folder}."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Take it away from them in the folder's Properties, Security, or set INTONE_HOME to a new folder.",
        ),
    ),
    "folder-outside-profile": Text(
        QT_TRANSLATE_NOOP("messages", "Other users of this computer may be able to read {folder}."),
        QT_TRANSLATE_NOOP(
            "messages",
            "It is not in your user folder. Set INTONE_HOME to a folder there, or look at Properties, Security.",
        ),
    ),
    "paths-short-enough": Text(QT_TRANSLATE_NOOP("messages", "All paths are short enough for Windows")),
    "paths-may-be-long": Text(QT_TRANSLATE_NOOP("messages", "Windows allows long paths")),
    "paths-too-long": Text(
        QT_TRANSLATE_NOOP("messages", "Paths below {folder} are longer than the 259 characters that Windows allows."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Set INTONE_HOME to a folder with a shorter path, or allow long ones by this command as administrator:\n"
            "reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\FileSystem /v LongPathsEnabled /t REG_DWORD /d 1 /f",
        ),
        command=r"reg add HKLM\SYSTEM\CurrentControlSet\Control\FileSystem /v LongPathsEnabled /t REG_DWORD /d 1 /f",
    ),
}
"""The texts of codes that only Windows has."""
