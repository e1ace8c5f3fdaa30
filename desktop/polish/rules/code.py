"""Write spoken code: "camel case user name equals open paren" becomes `userName = (`."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.code_prose import edit_names
from desktop.polish.rules.code_reader import read_code
from desktop.polish.rules.code_said import SaidCode
from desktop.polish.rules.code_spacing import join_tokens
from desktop.polish.rules.code_words import split_lexemes
from desktop.polish.rules.edit import RuleContext, RuleEdit


def edit_code(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write what is said as code, or within prose the names of code, as the style of the place wants."""
    is_prose = context.style.code == "names"
    said = SaidCode(
        text, split_lexemes(text, in_prose=is_prose), context.project, place="prose" if is_prose else "code"
    )
    if is_prose:
        yield from edit_names(said)
    elif len(said):
        yield RuleEdit(0, len(text), join_tokens(read_code(said), said.table))
