"""Check who tells the keyboard's layout here, where the language of dictations goes by it, and what it is now."""

from __future__ import annotations

import os

import anyio

from desktop.core.errors import UserError
from desktop.core.messages import Message, PartList
from desktop.core.paths import find_paths


def check_layout() -> Message:
    """Say which layout is active, how that is known, and which languages it stands for."""
    from desktop.paste.apps import load_paste_rules
    from desktop.settings.live import load_in_force
    from desktop.settings.schema import LAYOUT
    from desktop.settings.values import parse_layout

    recognizer = load_in_force(find_paths()).settings.recognizer
    choices = [recognizer.language, *load_paste_rules(find_paths().applications).own_languages]
    if not any(LAYOUT in languages for languages in choices):
        return Message("layout-unused")
    return anyio.run(describe_layout, dict(map(parse_layout, recognizer.layouts)))


async def describe_layout(table: dict[str, tuple[str, ...]]) -> Message:
    """Return the active layout and its languages by the user's `table`. Raises `UserError` where they are not known."""
    from desktop.layouts.factory import open_layout_ladder
    from desktop.layouts.names import find_languages

    ladder = open_layout_ladder(os.environ)
    try:
        layout = await ladder.read()
    finally:
        ladder.close()
    if layout is None:
        raise UserError("layout-untold")
    languages = find_languages(layout, table)
    if languages is None:
        raise UserError("layout-unknown", name=layout.name, source=layout.source)
    if not languages:
        return Message("layout-known-any", name=layout.name, source=layout.source)
    return Message("layout-known", name=layout.name, source=layout.source, languages=PartList(languages))
