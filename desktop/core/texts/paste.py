"""Texts about putting text into windows."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    "paste-nothing-yet": Text(
        QT_TRANSLATE_NOOP("messages", "There is nothing to paste yet."),
        QT_TRANSLATE_NOOP("messages", "Dictate something first."),
    ),
    "paste-row-empty": Text(
        QT_TRANSLATE_NOOP("messages", "There is nothing to paste."),
        QT_TRANSLATE_NOOP("messages", "The dictation came to no words, or was deleted."),
    ),
    "swap-nothing-yet": Text(
        QT_TRANSLATE_NOOP("messages", "There is nothing to swap yet."),
        QT_TRANSLATE_NOOP("messages", "Dictate something first."),
    ),
    # The desktop
    "paste-screen-unreachable": Text(
        QT_TRANSLATE_NOOP("messages", "The screen cannot be reached, so text cannot be put into windows."),
        QT_TRANSLATE_NOOP("messages", "Start Intone from within your desktop session."),
    ),
    "paste-xtest-missing": Text(
        QT_TRANSLATE_NOOP("messages", "This screen does not let programs press keys (it lacks XTEST)."),
        QT_TRANSLATE_NOOP("messages", "Use another X server or display."),
    ),
    "paste-compositor-unreachable": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The desktop's compositor cannot be reached, so text cannot be put into windows."
        ),
        QT_TRANSLATE_NOOP("messages", "Start Intone from within your desktop session."),
    ),
    "paste-windows-without-window": Text(
        QT_TRANSLATE_NOOP("messages", "Windows gives Intone no window, so text cannot be put into others."),
        QT_TRANSLATE_NOOP("messages", "Start Intone from your desktop."),
    ),
    # The text
    "text-in-history": Text(
        QT_TRANSLATE_NOOP("messages", "The text is in the history."),
        unkept_title=QT_TRANSLATE_NOOP("messages", "Paste last has the text; the history does not."),
    ),
    "text-on-clipboard": Text(QT_TRANSLATE_NOOP("messages", "The text is on the clipboard: press {shortcut}.")),
    "text-not-taken": Text(QT_TRANSLATE_NOOP("messages", "{name} did not take the text.")),
    "text-not-taken-copied": Text(
        QT_TRANSLATE_NOOP("messages", "{name} did not take the text. It is on the clipboard: press {shortcut}.")
    ),
    "unnamed-window": Text(QT_TRANSLATE_NOOP("messages", "The window")),
    "text-read-by-other": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Another program read the text first, so it is not known whether it arrived. It is in the history.",
        ),
        unkept_title=QT_TRANSLATE_NOOP(
            "messages",
            "Another program read the text first, so it is not known whether it arrived. "
            "Paste last has it; the history does not.",
        ),
    ),
    "window-reads-clipboard": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "This window reads the clipboard by itself, so it is unknown whether the text arrived. "
            "It is in the history.",
        ),
        unkept_title=QT_TRANSLATE_NOOP(
            "messages",
            "This window reads the clipboard by itself, so it is unknown whether the text arrived. "
            "Paste last has it; the history does not.",
        ),
    ),
    "clipboard-taken-before-read": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The clipboard was taken before the text was read. If it is missing, it is in the history."
        ),
        unkept_title=QT_TRANSLATE_NOOP(
            "messages",
            "The clipboard was taken before the text was read. "
            "If it is missing, Paste last has it; the history does not.",
        ),
    ),
    "paste-window-unknown": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The keys were pressed, but this desktop does not tell which window took the text."
        )
    ),
    "commit-unseen": Text(
        QT_TRANSLATE_NOOP("messages", "The text was put in, but this window does not tell what stands there.")
    ),
    "commit-unproven": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "The text was put in, but what the window says of its field does not show it. "
            "If it is missing, it is in the history.",
        ),
        unkept_title=QT_TRANSLATE_NOOP(
            "messages",
            "The text was put in, but what the window says of its field does not show it. "
            "If it is missing, Paste last has it; the history does not.",
        ),
    ),
    "commit-cut-off": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "The window did not take the whole text, or it is not known whether it did. It is in the history.",
        ),
        unkept_title=QT_TRANSLATE_NOOP(
            "messages",
            "The window did not take the whole text, or it is not known whether it did. "
            "Paste last has it; the history does not.",
        ),
    ),
    "remote-window-unproven": Text(
        QT_TRANSLATE_NOOP(
            "messages", "This window shows another machine, which does not tell whether the text has arrived."
        )
    ),
    "return-not-pressed": Text(QT_TRANSLATE_NOOP("messages", "Return was not pressed.")),
    "cursor-not-moved": Text(QT_TRANSLATE_NOOP("messages", "The cursor could not be moved to its place in the text.")),
    "clipboard-contents-lost": Text(
        QT_TRANSLATE_NOOP("messages", "What was on the clipboard before could not be kept.")
    ),
    "clipboard-contents-partly-lost": Text(
        QT_TRANSLATE_NOOP("messages", "Part of what was on the clipboard before could not be kept.")
    ),
    # Why a text is not pasted
    "paste-screen-lost": Text(QT_TRANSLATE_NOOP("messages", "The screen cannot be reached.")),
    "paste-desktop-lost": Text(QT_TRANSLATE_NOOP("messages", "The desktop cannot be reached.")),
    "paste-internal-error": Text(QT_TRANSLATE_NOOP("messages", "Something went wrong inside Intone.")),
    "paste-app-closed": Text(QT_TRANSLATE_NOOP("messages", "Intone was closed before the text was inserted.")),
    "paste-closed-before-keys": Text(QT_TRANSLATE_NOOP("messages", "Intone was closed.")),
    "clipboard-held": Text(QT_TRANSLATE_NOOP("messages", "Another program holds the clipboard.")),
    "password-field-focused": Text(QT_TRANSLATE_NOOP("messages", "A password field has the focus.")),
    "field-not-reported": Text(
        QT_TRANSLATE_NOOP("messages", "The window did not answer whether a password field has the focus."),
        QT_TRANSLATE_NOOP("messages", "Choose Paste last once the window answers."),
    ),
    "selection-field-not-reported": Text(
        QT_TRANSLATE_NOOP("messages", "The window did not answer whether a password field has the focus."),
        QT_TRANSLATE_NOOP("messages", "Try again once the window answers."),
    ),
    "chromium-password-field": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Chromium, or a program made with it, shows a password field, and this desktop does not tell which window "
            "has the focus.",
        ),
        QT_TRANSLATE_NOOP("messages", "Leave that field, then choose Paste last."),
    ),
    "chromium-not-reported": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Chromium, or a program made with it, did not answer whether it shows a password field, and this desktop "
            "does not tell which window has the focus.",
        ),
        QT_TRANSLATE_NOOP("messages", "Choose Paste last once it answers."),
    ),
    "password-field-not-pasted": Text(
        QT_TRANSLATE_NOOP("messages", "This is a password field."), QT_TRANSLATE_NOOP("messages", "Nothing was pasted.")
    ),
    "user-away": Text(QT_TRANSLATE_NOOP("messages", "The screen was locked, or the machine slept.")),
    "window-missing": Text(QT_TRANSLATE_NOOP("messages", "No window had the focus.")),
    "window-changed": Text(QT_TRANSLATE_NOOP("messages", "The window changed.")),
    "window-elevated": Text(
        QT_TRANSLATE_NOOP("messages", "This program runs as administrator, so Intone cannot press keys in it.")
    ),
    "window-hung": Text(QT_TRANSLATE_NOOP("messages", "The window does not respond.")),
    "own-window-without-field": Text(
        QT_TRANSLATE_NOOP("messages", "Intone's own window has no text field at the cursor.")
    ),
    "own-window-excluded": Text(QT_TRANSLATE_NOOP("messages", "Intone does not write into its own windows.")),
    "key-held-down": Text(QT_TRANSLATE_NOOP("messages", "A key was held down.")),
    "keys-not-pressed": Text(QT_TRANSLATE_NOOP("messages", "No key could be pressed; intone doctor says what helps.")),
    "portal-typing-unasked": Text(
        QT_TRANSLATE_NOOP("messages", "Your desktop does not let Intone put text into windows yet."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Open the settings, About, The first steps, and ask the desktop on the page of the talk key, at “Text into "
            "windows”. Until then the text is on the clipboard.",
        ),
    ),
    "portal-typing-refused": Text(
        QT_TRANSLATE_NOOP("messages", "Your desktop did not let Intone put text into windows."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Paste the text with Ctrl+V, or ask the desktop again: settings, About, The first steps, the page of the "
            "talk key, at “Text into windows”.",
        ),
    ),
    "keys-not-allowed": Text(QT_TRANSLATE_NOOP("messages", "The system did not let Intone press keys.")),
    # Undo and swap
    "undo-nothing": Text(QT_TRANSLATE_NOOP("messages", "There is no text that could be taken back.")),
    "undo-other-window": Text(QT_TRANSLATE_NOOP("messages", "The last text is in another window.")),
    "input-since": Text(QT_TRANSLATE_NOOP("messages", "A key or a button was pressed since.")),
    "undo-window-unsuitable": Text(
        QT_TRANSLATE_NOOP("messages", "Text in a terminal or a remote desktop cannot be taken back.")
    ),
    "undo-text-too-long": Text(QT_TRANSLATE_NOOP("messages", "The text is too long to be taken back.")),
    "undo-text-unchanged": Text(QT_TRANSLATE_NOOP("messages", "The text is as it was spoken.")),
    "undo-not-newest": Text(QT_TRANSLATE_NOOP("messages", "The last text is not the newest in the history.")),
    "undo-text-unreadable": Text(QT_TRANSLATE_NOOP("messages", "The text there cannot be read.")),
    "undo-text-changed": Text(QT_TRANSLATE_NOOP("messages", "The text changed since.")),
    "deletion-unproven": Text(
        QT_TRANSLATE_NOOP("messages", "The window does not show whether the text was taken back.")
    ),
    "probe-left": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "The window does not show what stands there. An invisible character may be left at the cursor.",
        )
    ),
    "nothing-undone": Text(QT_TRANSLATE_NOOP("messages", "Nothing was undone.")),
    "nothing-swapped": Text(QT_TRANSLATE_NOOP("messages", "Nothing was swapped.")),
    "removed-not-replaced": Text(
        QT_TRANSLATE_NOOP("messages", "The text was removed, and the other could not be put in its place."),
        QT_TRANSLATE_NOOP("messages", "Paste last brings it back."),
    ),
    "removed-not-restored": Text(
        QT_TRANSLATE_NOOP("messages", "The edited text was removed, and the one before could not be put back."),
        QT_TRANSLATE_NOOP("messages", "`intone paste-last --raw` pastes it."),
    ),
    # Editing what is selected
    "selection-empty": Text(QT_TRANSLATE_NOOP("messages", "Nothing is selected.")),
    "selection-unreadable": Text(QT_TRANSLATE_NOOP("messages", "The selection cannot be read exactly.")),
    "selection-changed": Text(QT_TRANSLATE_NOOP("messages", "The selection changed.")),
    "selection-too-long": Text(QT_TRANSLATE_NOOP("messages", "The selection is too long to be edited.")),
    "quotation-not-found": Text(
        QT_TRANSLATE_NOOP("messages", "No dictation is like the selected text."),
        QT_TRANSLATE_NOOP("messages", "Select more of it, or search the history for a word that you said."),
    ),
    "quotation-unselected": Text(
        QT_TRANSLATE_NOOP("messages", "Nothing is selected."),
        QT_TRANSLATE_NOOP("messages", "Select words that you dictated, and try again."),
    ),
    "quotation-unreadable": Text(
        QT_TRANSLATE_NOOP("messages", "Here Intone cannot see what is selected."),
        QT_TRANSLATE_NOOP("messages", "Copy the words, and paste them into the search of the history."),
    ),
    "quotation-password": Text(QT_TRANSLATE_NOOP("messages", "This is a password field. Nothing was read.")),
    "edit-window-unsuitable": Text(
        QT_TRANSLATE_NOOP("messages", "Text in a terminal or a remote desktop cannot be edited.")
    ),
    "edit-own-window": Text(QT_TRANSLATE_NOOP("messages", "Text in Intone's own windows cannot be edited.")),
    "field-without-selection": Text(
        QT_TRANSLATE_NOOP("messages", "This field does not tell exactly what is selected, so it cannot be edited."),
        QT_TRANSLATE_NOOP("messages", "Copy the text into Notepad, edit it there and copy it back."),
    ),
    "field-without-cursor": Text(
        QT_TRANSLATE_NOOP("messages", "This field does not tell where its cursor is, so that stays behind the text."),
        QT_TRANSLATE_NOOP("messages", "Move it with the arrow keys."),
    ),
    "field-without-text": Text(
        QT_TRANSLATE_NOOP("messages", "This field does not tell what stands in it."),
        QT_TRANSLATE_NOOP("messages", "Press Ctrl+Z there."),
    ),
    "field-read-only": Text(QT_TRANSLATE_NOOP("messages", "This field cannot be changed.")),
    "field-refused": Text(QT_TRANSLATE_NOOP("messages", "The field does not take that text.")),
    "field-altered": Text(
        QT_TRANSLATE_NOOP("messages", "The field did not take the change as it was meant."),
        QT_TRANSLATE_NOOP("messages", "Look at what stands there; Ctrl+Z takes the change back."),
    ),
    "nothing-changed": Text(QT_TRANSLATE_NOOP("messages", "Nothing was changed.")),
}
