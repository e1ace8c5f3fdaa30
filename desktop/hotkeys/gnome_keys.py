"""Ask GNOME whether it still has the shortcuts that the user agreed to.

Its portal lists none in a new session, and asks in a dialog for those that it does not have: also after the user has
removed them in its settings, which is no reason to ask again. There Intone stays among the applications that have
shortcuts, with an empty list.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

import anyio

from desktop import APP_ID

SCHEMA = "org.gnome.settings-daemon.global-shortcuts"
APPLICATIONS = (SCHEMA, "applications")
SHORTCUTS = (f"{SCHEMA}.application:/org/gnome/settings-daemon/global-shortcuts/{APP_ID}/", "shortcuts")

NO_SHORTCUTS = "@a(sa{sv}) []"
"""The list as `gsettings` prints it where there are none."""

TOOL_TIMEOUT_S = 2.0
"""Seconds that the tool may take; it takes some ms."""


async def has_removed_keys(environ: Mapping[str, str]) -> bool:
    """Return whether the user has removed our shortcuts in GNOME's settings; False where these do not tell."""
    try:
        with anyio.fail_after(TOOL_TIMEOUT_S):
            applications = ast.literal_eval((await _read_setting(*APPLICATIONS, environ)).removeprefix("@as "))
            return APP_ID in applications and await _read_setting(*SHORTCUTS, environ) == NO_SHORTCUTS
    except (OSError, TimeoutError, ValueError, TypeError, SyntaxError):
        return False


async def _read_setting(schema: str, key: str, environ: Mapping[str, str]) -> str:
    """Return what `gsettings` prints. Raises `OSError` where it does not run."""
    answer = await anyio.run_process(("gsettings", "get", schema, key), env=environ, check=False)
    return answer.stdout.decode(errors="replace").strip()
