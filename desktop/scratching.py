"""Said alone, "scratch that" takes back what was inserted last, where otherwise it would be written.

It is `undo` by voice, with undo's own refusals, and it stands where `writing.write` does: what is said is written by
that unless it is one of the phrases (`scratching.toml`) and something of ours was put there a moment ago. Where polish
is off words are text, whatever they say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from desktop.ending import Ending
from desktop.parts import Parts, Said, Turn
from desktop.paste.request import LEFT
from desktop.ports import Outcome
from desktop.state import State
from desktop.writing import write

UNDONE = "The text was taken back."


def scratches(text: str) -> bool:
    """Whether `text`, but for its case, its marks and its fillers, is a phrase that takes text back."""
    phrases, fillers = _table()
    words = " ".join(word for word in _plain(text).split() if word not in fillers)
    return words in phrases or words.strip("".join(one for one in fillers if len(one) == 1)) in phrases


async def write_or_scratch(
    said: Said, parts: Parts, turn: Turn, draw: Callable[[State], None], sent: Callable[[], None]
) -> Ending:
    """As `writing.write`, unless it takes back what was inserted last: that makes no row of its own."""
    if parts.scratch is not None and said.context.style.mode != "off" and scratches(said.words.text):
        if await turn(remembered=True) is not None:
            return Ending(Outcome.SILENT, target=said.context.target, note=LEFT)
        delivery = await parts.scratch(said.context.target)
        if delivery is not None:
            undone = delivery.outcome is Outcome.CANCELLED
            return Ending(Outcome.SILENT, target=said.context.target, note=UNDONE if undone else delivery.note)
    return await write(said, parts, turn, draw, sent)


@cache
def _table() -> tuple[frozenset[str], frozenset[str]]:
    """The phrases of every language, and the fillers."""
    read = tomllib.loads(files("desktop").joinpath("scratching.toml").read_text(encoding="utf-8"))
    phrases, fillers = ({one for said in read[name].values() for one in said} for name in ("phrases", "fillers"))
    return frozenset(phrases), frozenset(fillers)


def _plain(text: str) -> str:
    """In small letters, with blanks for all that is no letter."""
    return re.sub(r"[\W\d_]+", " ", text.lower()).strip()
