"""Choose the session's input method."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.paste.input_method.ibus.method import IBusInputMethod
from desktop.paste.input_method.interface import InputMethod
from desktop.paste.input_method.wayland import find_input_method


def open_input_method(environ: Mapping[str, str]) -> InputMethod:
    """Return the input method of the session that `environ` describes, to be started.

    The compositor's own comes first: `zwp_input_method_v2` where it is offered (wlroots), which reaches every program
    that has text fields of Wayland. Elsewhere it is IBus, where its daemon may be: GNOME starts it, and on X11 and KDE
    it is there where the user runs it.
    """
    compositor = find_input_method(environ) if environ.get("WAYLAND_DISPLAY") else None
    return compositor or IBusInputMethod(environ)
