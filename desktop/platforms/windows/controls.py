"""Decide about controls and programs by what Windows tells of them. Pure."""

from __future__ import annotations

ES_PASSWORD = 0x0020
"""The style of an edit control that shows no text; it means other things to other controls."""

HIGH_INTEGRITY = 0x3000
"""The integrity level of an administrator's programs."""


def may_be_password_edit(class_name: str, style: int) -> bool:
    """Return whether a control of that class and style may be an edit control for passwords: Windows' own, a rich one,
    or one of a toolkit that is made of them ("TEdit", "WindowsForms10.EDIT.app.0.141b42a_r6_ad1")."""
    return "edit" in class_name.lower() and bool(style & ES_PASSWORD)


def can_press_keys_in(own_level: int | None, window_level: int | None) -> bool:
    """Return whether Windows lets a process of integrity level `own_level` press keys in a window of `window_level`.

    Keys for a higher level are dropped without an error. A level that cannot be read is one of a program that does not
    let us look at it, which those of an administrator do not.
    """
    if own_level is None:
        return True
    return own_level >= HIGH_INTEGRITY if window_level is None else window_level <= own_level
