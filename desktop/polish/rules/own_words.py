"""Write the user's own words where they were heard as something that is spelled and sounds alike.

The first rule, and the only one that is applied in every mode of polish: it mends what was recognized.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import RuleContext, RuleEdit


def edit_own_words(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write what `desktop.vocabulary.matcher` finds."""
    for match in context.vocabulary.find_own_words(text, context.language):
        yield RuleEdit(match.start, match.end, match.written)
