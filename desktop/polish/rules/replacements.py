"""Apply the user's replacements: what is heard becomes what the user writes for it."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import RuleContext, RuleEdit


def edit_replacements(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write what the user wants written, in the user's case.

    The longest phrase first, whole words in any case, and nothing within an address.
    """
    for start, end, written in context.vocabulary.find_replacements(text):
        yield RuleEdit(start, end, written)
