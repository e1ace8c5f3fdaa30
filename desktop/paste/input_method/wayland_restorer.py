"""Remove from the focused field what an app that was killed has left there as composition.

`desktop.paste.input_method.composition_guard` says why, and when this process runs.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping

import anyio

from desktop.paste.input_method.composition import may_compose
from desktop.paste.input_method.composition_guard import SHOWN
from desktop.paste.input_method.interface import InputContext
from desktop.paste.input_method.wayland import WaylandInputMethod

FIELD_TIMEOUT_S = 5.0
"""Seconds that a program may take to tell of its field."""

ANSWER_S = 0.150
"""Seconds before each of these, and after the last. Chromium takes nothing from an input method for 100 ms after one
was lost in mid-composition (its `kIgnoreCommitsDuration`)."""

MAX_TRIES, APP_EXIT_POLL_S = 100, 0.020
"""Times that the compositor is asked whether the app is gone, and seconds between two; it knows at once."""

PLACEHOLDER = " "
"""What is composed in place of what was left: programs do nothing where nothing replaces nothing."""


async def remove_composition(environ: Mapping[str, str]) -> None:
    """Compose something in the focused field, and then nothing, unless another program is the input method."""
    method = WaylandInputMethod(environ)
    method.start(asyncio.get_running_loop())
    try:
        for _ in range(MAX_TRIES):
            if await _replace_composition(method):
                break
            await anyio.sleep(APP_EXIT_POLL_S)
    finally:
        method.close()


async def _replace_composition(method: WaylandInputMethod) -> bool:
    """Return whether there is nothing left to do: that was done, or there is no field."""
    try:
        async with method.acquire("field", FIELD_TIMEOUT_S) as context:
            if context is not None and _may_replace(context):
                for text in (PLACEHOLDER, ""):
                    await anyio.sleep(ANSWER_S)
                    await context.show_composition(text)
                await anyio.sleep(ANSWER_S)
            return context is not None or method.is_available
    except OSError:  # the field was left
        return False


def _may_replace(context: InputContext) -> bool:
    """Return whether there may be words of ours in the field; what is selected would go with the placeholder."""
    return may_compose(context.traits) and not (context.surrounding is not None and context.surrounding.selected)


def main(file: str) -> None:
    """Remove the composition, after the app's end."""
    memory = int(file)
    is_shown = os.pread(memory, 1, 0) == SHOWN
    os.close(memory)
    if is_shown:
        asyncio.run(remove_composition(os.environ))


if __name__ == "__main__":
    main(*sys.argv[1:])
