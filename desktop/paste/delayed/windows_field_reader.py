"""Read what stands in one of Windows' edit controls, to notice how the user corrects a dictation there.

Other fields have no address, so nothing is read of them: UI Automation's text is not asked for. A control is asked
while it has the focus and once more when it has lost it; one that has gone by then, or whose number another has taken
that is no edit control, tells nothing.
"""

from __future__ import annotations

from anyio import to_thread

from desktop.core.types import InputField
from desktop.paste.delayed.windows_edit import read_field
from desktop.platforms.windows import focus

_EDIT = "edit"


def find_input_field(window: int) -> InputField | None:
    """Return the field of `window` that has the focus, if it is an edit control."""
    control = focus.find_focused_control(window)
    if not control or not focus.is_edit_control(control):
        return None
    return InputField(is_password=focus.is_password_edit(control), address=(_EDIT, str(control)))


class WindowsFieldReader:
    """A `desktop.vocabulary.correction_watcher.FieldReader` for edit controls."""

    async def read_field(self, address: tuple[str, str]) -> str | None:
        """Return the text of the control at `address`; None if it is gone, hangs, or is for passwords."""
        kind, number = address
        return await to_thread.run_sync(_read_text, int(number)) if kind == _EDIT else None

    def close(self) -> None:
        """Do nothing: nothing is held."""


def _read_text(control: int) -> str | None:
    field = None if focus.is_password_edit(control) else read_field(control)
    return None if field is None else field.text
