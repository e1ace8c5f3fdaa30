"""The hotkeys."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from desktop.core.keys import Action, Bindings, build_bindings
from desktop.settings.section import Choices, Details, SettingsSection
from desktop.settings.values import HotkeyName, HotkeyNames


class HotkeySettings(SettingsSection, title="Hotkeys"):
    """Hotkeys, by the names of `desktop.core.keys`, which also defines their actions and conflicts.

    An empty list binds none.
    """

    talk: Annotated[
        HotkeyNames,
        Field(min_length=1, title="Talk", description="Hold it to speak, or tap it, speak, and tap again."),
    ] = ("ctrl_r",)
    send: Annotated[
        HotkeyNames,
        Field(title="Talk and send", description="Presses Return once the text has arrived."),
        Details("It talks like `hotkey.talk`. Where both are pressed, the last one decides."),
    ] = ()
    edit: Annotated[
        HotkeyNames,
        Field(title="Edit", description="Select text, hold it, and say what a language model is to do."),
        Details("The model at `polish.url` is sent the selection and your words, whatever `polish.mode` is."),
    ] = ()
    again: Annotated[
        HotkeyNames,
        Field(title="Say it again", description="Hold it and say the word that was misheard in the last text."),
        Details("What sounds like it there is replaced. It talks like `hotkey.talk`."),
    ] = ()
    languages: Annotated[
        HotkeyNames,
        Field(title="Language", description="Goes through your languages, one and then the next."),
        Details("Each of `recognizer.language` is expected alone, then all of them again."),
    ] = ()
    paste_last: Annotated[HotkeyNames, Field(title="Paste again", description="Puts in what was said last.")] = ()
    undo: Annotated[
        HotkeyNames,
        Field(title="Undo", description="Takes the last text out again, if nothing was typed since."),
    ] = ()
    swap: Annotated[
        HotkeyNames,
        Field(title="Swap", description="Changes the last text for the words as spoken, and back."),
    ] = ()
    find: Annotated[
        HotkeyNames,
        Field(
            title="How did I say that?",
            description="Opens the dictation that the selected text is from, even if it was edited since.",
        ),
    ] = ()
    emotion: Annotated[
        HotkeyNames,
        Field(
            title="Off and on",
            description="A key for it: nothing is noted any more, or again. The tray can too.",
        ),
        Details("It sets `emotion.engine` to `off`, then back to what it was before, `local` if it was never on."),
    ] = ()
    cancel: Annotated[HotkeyName, Field(title="Cancel", description="Ends what is being said without pasting it.")] = (
        "esc"
    )
    tap: Annotated[
        Literal["lock", "double", "off"],
        Field(title="A short press", description="Locks the talk key, so that it need not be held."),
        Choices({"lock": "Talk until the next", "double": "Two in a row lock", "off": "Nothing"}),
    ] = "lock"

    @property
    def bindings(self) -> Bindings:
        """Return every key and its action. Raises `SettingsError` where two conflict."""
        named = {str(action): getattr(self, action) for action in Action}
        return build_bindings({**named, Action.CANCEL: (self.cancel,)})
