"""Choose Qt's platform on Linux: X11, or Wayland where no X server answers."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.core.errors import UserError
from desktop.paste.wayland.protocol import Compositor
from desktop.platforms.linux.x11_display import open_display


def choose_qt_platform(wanted: str, *, has_x: bool) -> str:
    """Return Qt's platform where the environment wants `wanted`; `has_x`: there is an X display.

    Many sessions want Wayland for all programs. Where there is X (XWayland), what begins with it is not followed: only
    X windows choose their place, and Qt's Wayland has no pill of its own (`desktop.ui.pill.layer_window`).
    """
    unusable, usual = ("wayland", "xcb") if has_x else ("xcb", "wayland")
    return wanted if wanted and not wanted.startswith(unusable) else usual


def find_qt_platform(environ: Mapping[str, str]) -> str:
    """Return Qt's platform for the session of `environ`.

    Raises `UserError` where Qt would abort: no display, or none that answers.
    """
    has_x = _has_x_display(environ.get("DISPLAY", ""))
    if not has_x:
        if not environ.get("WAYLAND_DISPLAY"):
            raise UserError("display-unresponsive" if environ.get("DISPLAY") else "display-missing")
        try:
            Compositor(environ).close()
        except UserError as error:
            raise UserError("display-unresponsive") from error
    return choose_qt_platform(environ.get("QT_QPA_PLATFORM", ""), has_x=has_x)


def _has_x_display(name: str) -> bool:
    """Return whether the X server `name` answers."""
    try:
        open_display(name).close()
    except OSError:
        return False
    return True
