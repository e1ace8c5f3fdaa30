"""Keep the tokens of a line of code that are placed already, and tell what stands around the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from desktop.polish.rules.code_reader import CodeToken

type Role = Literal[
    "operand", "keyword", "open", "close", "comma", "binary", "prefix", "suffix", "tight", "layout", "block"
]
"""What a token does: a prefix belongs to what follows, a suffix to what is before, tight to both; a block opens."""

MAX_BLOCK_TOKENS = 100
"""Most tokens of a block in one line."""

_NONE = CodeToken("", "")
_BEGINNINGS = frozenset(("(", "[", "{", "_", "__", "$", "!", "~", "...", "@"))
"""Symbols with which an operand may begin."""

_SHELL_SIGNS = frozenset(("dash", "dash dash", "./", "../", "..", "~/", "~", "/", "$", "+", ">", "<", "&", "@", "*"))
"""Symbols that follow the name of a command in a shell."""


@dataclass(slots=True)
class PlacedToken:
    """A token with its role, and whether a space stands before it."""

    token: CodeToken
    role: Role
    is_spaced: bool


@dataclass(slots=True)
class CodeLine:
    """The `tokens` of a text, and those `placed` so far.

    `brackets` are open, each with whether it is tight at an operand (a call, an index, a type) or begins a block.
    `is_option`: a long option is being written; `has_question`: a colon is the other half of a question mark.
    """

    tokens: Sequence[CodeToken]
    words: Mapping[str, frozenset[str]]
    placed: list[PlacedToken] = field(default_factory=list)
    brackets: list[tuple[str, bool]] = field(default_factory=list)
    is_option: bool = False
    has_question: bool = False

    @property
    def last(self) -> PlacedToken:
        """What was placed last; an empty layout at the beginning."""
        return self.placed[-1] if self.placed else PlacedToken(_NONE, "layout", is_spaced=False)

    @property
    def before_last(self) -> str:
        """The text of the token before the last one."""
        return self.placed[-2].token.text if len(self.placed) > 1 else ""

    @property
    def follows_operand(self) -> bool:
        """Whether an operand ends directly before."""
        return self.last.role in ("operand", "close", "suffix")

    @property
    def joins(self) -> bool:
        """Whether no space may stand behind what was placed last."""
        return self.last.role in ("open", "prefix", "tight", "layout")

    @property
    def next(self) -> CodeToken:
        """The token after the one that is placed now."""
        return self._token_at(len(self.placed) + 1)

    @property
    def after_next(self) -> CodeToken:
        """The token after the next one."""
        return self._token_at(len(self.placed) + 2)

    def begins_block(self, *, follows_head: bool) -> bool:
        """Return whether the brace that is placed now begins a block that ends in this line: of statements that end, or
        behind a head of one that begins. What begins with a semicolon, or has a line of its own, is none."""
        content, depth = list[CodeToken](), 0
        for token in self.tokens[len(self.placed) + 1 : len(self.placed) + MAX_BLOCK_TOKENS]:
            depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "symbol" else 0
            if depth < 0 or token.kind == "layout":
                break
            content.append(token)
        else:
            return False
        is_closed = depth < 0 and bool(content) and content[0].text not in (";", ":")
        is_statement = is_closed and content[0].text in self.words["statements"] and self.after_next.text != ":"
        return is_closed and ((follows_head and is_statement) or CodeToken("symbol", ";") in content)

    @property
    def has_operand(self) -> bool:
        """Whether an operand begins directly behind."""
        if self.next.kind == "symbol":
            return self.next.text in _BEGINNINGS
        return self.next.kind not in ("", "layout") and not self.is_keyword(self.next)

    @property
    def is_shell(self) -> bool:
        """Whether the text begins as a command of a shell does: with its name, and no operator behind."""
        first, second = self._token_at(0), self._token_at(1)
        is_place = second.text == "." and first.text in self.words["shell_places"]
        is_command = second.kind != "symbol" or second.text in _SHELL_SIGNS or is_place
        is_statement = first.text == "export" and self.is_keyword(second)
        return first.text in self.words["shell"] and is_command and not is_statement

    @property
    def is_declaration(self) -> bool:
        """Whether the text begins as declarations in C do."""
        return any(token.text in self.words["declares"] for token in self.tokens[:2])

    def is_keyword(self, token: CodeToken) -> bool:
        """Return whether a token is a word of the languages and no name."""
        return token.kind == "word" and token.text in self.words["keywords"]

    def _token_at(self, at: int) -> CodeToken:
        return self.tokens[at] if at < len(self.tokens) else _NONE
