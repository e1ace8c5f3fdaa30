"""What settings are called on Windows, and which of them have no effect on a system.

The schema says things in the words of Linux. `has_effect` is for the windows, which show no setting in vain; the file
and the command line take every setting everywhere, so that one file serves several machines.
"""

from __future__ import annotations

from collections.abc import Mapping

_LINUX_ALONE = frozenset(
    (
        *("paste.input_method", "paste.live"),  # an input method
        *("context.cursor", "context.site"),  # AT-SPI
    )
)
"""Settings of what only Linux has."""

_IN_VAIN_ON_MACOS = _LINUX_ALONE | {"vocabulary.notice", "audio.calls"}
"""Those, what macOS has not got yet (no field is read there), and what it lets no program do: mute another one."""

_CHOICES_OF_LINUX: Mapping[str, frozenset[str]] = {"audio.others": frozenset({"pause"})}
"""Values that only Linux has, by their setting: media players have a bus there."""

WINDOWS_WORDS: Mapping[str, str] = {
    "As the desktop": "As Windows",
    "By shape alone it suits a panel without colours.": "By shape alone it looks like Windows' own icons.",
    "Start with the session": "Start with Windows",
    "Intone waits in the tray from the moment you log in.": (
        "Intone waits beside the clock from the moment you sign in."
    ),
    "Who finds the disk reads no text and hears no recording. The key is in your keyring: where that is lost, so are "
    "they. Searching takes half as long again.": (
        "Who finds the disk reads no text and hears no recording. The key is in Windows' Credential Manager: where "
        "that is lost, so are they. Searching takes half as long again."
    ),
    "Looks at the field just dictated into, and no other, for words that you put right.": (
        "Looks at the field just dictated into, and no other, for words that you put right. It works in Windows' "
        "own edit controls alone, such as Notepad's."
    ),
    "It does so for 20 s, where the program's accessibility tells, never in a password field, nor where nothing is "
    "kept.": "It does so for 20 s, never in a password field, nor where nothing is kept.",
    "`duck` turns other programs down to a fifth, `pause` pauses media players (MPRIS).": (
        "`duck` turns other programs down to a fifth. `pause` does nothing on Windows."
    ),
}
"""What Windows says in place of a text of the schema."""


def has_effect(key: str, system: str) -> bool:
    """Return whether the setting `key` changes anything on `system` (as `sys.platform`)."""
    return system == "linux" or key not in (_LINUX_ALONE if system == "win32" else _IN_VAIN_ON_MACOS)


def has_choice(key: str, value: str, system: str) -> bool:
    """Return whether `value` of the setting `key` means something on `system`."""
    return system == "linux" or value not in _CHOICES_OF_LINUX.get(key, ())


def system_words(text: str, system: str) -> str:
    """Return the schema's `text` in the words of `system`."""
    return WINDOWS_WORDS.get(text, text) if system == "win32" else text
