"""Write the user's own words where they were heard as something that is spelled and sounds alike.

The first rule, and the only one that is applied in every mode of polish: it mends what was recognized. Where the case
is the user's affair (as spoken, and at places whose style begins without a capital: code, terminals) it changes none.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import RuleContext, RuleEdit


def edit_own_words(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write what `desktop.vocabulary.matcher` finds."""
    matches = context.vocabulary.find_own_words(
        text,
        context.language,
        is_guessed=context.is_language_guessed,
        keeps_case=context.is_as_spoken or not context.style.capital,
        is_as_spoken=context.is_as_spoken,
    )
    for match in matches:
        yield RuleEdit(match.start, match.end, match.written)
