"""Space the tokens of spoken code as code is written: `foo(bar, baz)`, `a == b`, `self.name`, `--dry-run`.

A symbol's role follows from what stands before and behind it: a minus after an operand subtracts, a star between a type
and a name makes a pointer. What a shell reads otherwise follows from the first word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from desktop.polish.rules.code_line import CodeLine, PlacedToken, Role
from desktop.polish.rules.code_reader import WRITTEN, CodeToken
from desktop.polish.rules.code_symbols import merge_symbols
from desktop.polish.rules.code_words import CodeTable

_LISTED = frozenset(("into", "table"))
"""Words before a name that a list of columns follows: insert into users (name)."""

_STRING_PREFIXES = frozenset(("f", "r", "b", "rb", "u"))
_PATH_SIGNS = frozenset(("/", "./", "../", "~/", "dash", "_"))
_MAX_TYPE_TOKENS = 12
"""Tokens between angle brackets that are the parameters of a type."""


class _Place(NamedTuple):
    """The role of a symbol, and whether a space stands before it."""

    role: Role
    is_spaced: bool


_BINARY, _PREFIX, _TIGHT = _Place("binary", True), _Place("prefix", True), _Place("tight", False)
_SUFFIX, _WORD, _CLOSE, _COMMA = (
    _Place("suffix", False),
    _Place("operand", True),
    _Place("close", False),
    _Place("comma", False),
)


def join_tokens(tokens: Sequence[CodeToken], table: CodeTable) -> str:
    """Return `tokens` as they are written."""
    line = CodeLine(merge_symbols(tokens, table.words["conditions"]), table.words)
    for token in line.tokens:
        line.placed.append(_place(line, token))
    parts = ((" " if placed.is_spaced else "") + _write(placed.token) for placed in line.placed)
    return "".join(parts)


def _write(token: CodeToken) -> str:
    return WRITTEN.get(token.text, token.text) if token.kind == "symbol" else token.text


def _place(line: CodeLine, token: CodeToken) -> PlacedToken:
    if token.kind == "layout":
        line.has_question = line.is_option = False
        return PlacedToken(token, "layout", is_spaced=False)
    if token.kind != "symbol":
        return _place_word(line, token)
    role, is_spaced = _judge(line, token.text)
    if role in ("open", "block"):
        line.brackets.append((token.text, role == "block" or (not is_spaced and line.follows_operand)))
    elif role == "close" and line.brackets:
        line.brackets.pop()
    is_option = token.text == "dash dash" or (line.is_option and not is_spaced)
    placed = PlacedToken(token, role, is_spaced and not line.joins)
    line.is_option = is_option
    return placed


def _place_word(line: CodeLine, token: CodeToken) -> PlacedToken:
    is_member = line.last.role in ("tight", "prefix") and line.last.token.text != "#"
    role: Role = "keyword" if line.is_keyword(token) and not is_member else "operand"
    is_prefixed = token.kind == "string" and line.last.token.text in _STRING_PREFIXES and line.before_last != "dash"
    is_spaced = not line.joins and not is_prefixed
    if line.is_option and is_spaced:
        option = f"{line.last.token.text}-{token.text}"
        known = line.words["options"]
        if any(f"{each}-".startswith(f"{option}-") for each in known):
            line.placed.pop()
            return PlacedToken(CodeToken("word", option), "operand", is_spaced=False)
        line.is_option = False
    return PlacedToken(token, role, is_spaced)


def _judge(line: CodeLine, symbol: str) -> _Place:
    """Return the place of a symbol by what stands around it."""
    if judge := _JUDGES.get(symbol):
        return judge(line)
    return _BINARY if line.follows_operand or symbol not in _UNARY else _PREFIX


_UNARY = frozenset(("minus", "%", "&", "**", "^"))
"""Symbols that stand before an operand where none is before them."""


def _judge_parenthesis(line: CodeLine) -> _Place:
    last = line.last.token.text
    if line.last.role == "keyword":
        return _Place("open", last in line.words["before_parens"])
    is_row = last == "values" and line.tokens[0].text in ("insert", "values")
    is_list = is_row or bool(_LISTED & {last, line.before_last})
    return _Place("open", not line.follows_operand or is_list)


def _judge_bracket(line: CodeLine) -> _Place:
    return _Place("open", not line.follows_operand)


def _judge_brace(line: CodeLine) -> _Place:
    last = line.last.token.text
    follows_head = last in (")", "=>") or last in line.words["before_blocks"]
    return _Place("block" if line.begins_block(follows_head=follows_head) else "open", True)


def _judge_closing_brace(line: CodeLine) -> _Place:
    return _Place("close", bool(line.brackets) and line.brackets[-1] == ("{", True))


def _judge_less(line: CodeLine) -> _Place:
    following = line.tokens[len(line.placed) + 1 : len(line.placed) + _MAX_TYPE_TOKENS]
    if line.last.token.text in line.words["generics"] and CodeToken("symbol", ">") in following:
        return _Place("open", line.last.token.text == "include")
    return _BINARY


def _judge_greater(line: CodeLine) -> _Place:
    return _CLOSE if line.brackets and line.brackets[-1][0] == "<" else _BINARY


def _judge_colon(line: CodeLine) -> _Place:
    if line.has_question:
        line.has_question = False
        return _BINARY
    last, following = line.last.token, line.next
    is_port = following.kind == "number" and (
        last.kind == "number" or last.text == "localhost" or line.before_last == "."
    )
    is_slice = bool(line.brackets) and line.brackets[-1] == ("[", True)
    is_drive = following.text == "\\" and len(last.text) == 1 and last.text.isalpha() and not line.brackets
    return _TIGHT if is_port or is_slice or is_drive or following.text == "//" else _COMMA


def _judge_question(line: CodeLine) -> _Place:
    line.has_question = True
    return _BINARY


def _judge_dot(line: CodeLine) -> _Place:
    if not line.has_operand and line.next.kind not in ("word", "letters"):
        return _WORD
    if line.last.token.text == "*":
        return _TIGHT
    is_hidden_file = line.is_shell and line.next.text in line.words["dotfiles"]
    return _TIGHT if line.follows_operand and not is_hidden_file else _PREFIX


def _judge_slash(line: CodeLine) -> _Place:
    if not line.follows_operand:
        return _PREFIX
    if "string" in (line.last.token.kind, line.next.kind):
        return _BINARY
    is_option_before = line.before_last == "dash" and line.placed[-2].role == "prefix"
    is_root = line.next.text in line.words["roots"] and line.before_last not in _PATH_SIGNS
    if line.is_shell and line.next.kind and (len(line.placed) == 1 or is_root or is_option_before):
        return _PREFIX
    return _TIGHT if line.next.kind not in ("", "layout") else _SUFFIX


def _judge_double_slash(line: CodeLine) -> _Place:
    if line.last.token.text == ":":
        return _TIGHT
    return _BINARY if line.follows_operand else _PREFIX


def _judge_backslash(line: CodeLine) -> _Place:
    return _TIGHT if line.follows_operand else _PREFIX


def _judge_arrow(line: CodeLine) -> _Place:
    return _TIGHT if line.follows_operand and line.last.role != "close" else _BINARY


def _judge_hyphen(line: CodeLine) -> _Place:
    is_short = line.next.kind == "letters" or len(line.next.text) == 1
    return _PREFIX if line.is_shell and line.follows_operand and is_short and not line.is_option else _TIGHT


def _judge_dash(line: CodeLine) -> _Place:
    is_short = line.next.kind == "letters" or len(line.next.text) == 1
    is_known = line.next.text in line.words["long_options"] and not line.is_option
    return _TIGHT if line.follows_operand and not (is_short or is_known) else _PREFIX


def _judge_double_dash(line: CodeLine) -> _Place:
    return _PREFIX


def _judge_underscore(line: CodeLine) -> _Place:
    if line.next.kind not in ("word", "number", "letters"):
        return _SUFFIX if line.follows_operand else _WORD
    if line.last.role == "operand":
        return _TIGHT
    return _WORD if line.is_keyword(line.next) else _PREFIX


def _judge_step(line: CodeLine) -> _Place:
    return _SUFFIX if line.follows_operand else _PREFIX


def _judge_equals(line: CodeLine) -> _Place:
    is_argument = bool(line.brackets) and line.brackets[-1] == ("(", True)
    is_tight = line.is_shell or line.is_option or is_argument
    return _TIGHT if is_tight and line.last.role == "operand" else _BINARY


def _judge_star(line: CodeLine) -> _Place:
    if not line.has_operand and line.next.text != ".":
        return _BINARY if line.follows_operand and line.next.kind != "symbol" else _WORD
    is_parameter = line.before_last in ("(", ",") and line.after_next.text in (")", ",")
    if line.last.token.text in line.words["types"] or (line.is_declaration and is_parameter):
        return _PREFIX
    return _BINARY if line.follows_operand else _PREFIX


def _judge_plus(line: CodeLine) -> _Place:
    return _BINARY if line.follows_operand and line.last.token.text != "chmod" else _PREFIX


def _judge_tilde(line: CodeLine) -> _Place:
    return _TIGHT if line.follows_operand and line.is_shell else _PREFIX


def _judge_at(line: CodeLine) -> _Place:
    return _TIGHT if line.follows_operand and line.has_operand else _PREFIX


_JUDGES: Mapping[str, Callable[[CodeLine], _Place]] = {
    "(": _judge_parenthesis,
    "[": _judge_bracket,
    "{": _judge_brace,
    "<": _judge_less,
    ">": _judge_greater,
    ">>": _judge_greater,
    ":": _judge_colon,
    "?": _judge_question,
    ".": _judge_dot,
    "/": _judge_slash,
    "//": _judge_double_slash,
    "\\": _judge_backslash,
    "->": _judge_arrow,
    "hyphen": _judge_hyphen,
    "dash": _judge_dash,
    "dash dash": _judge_double_dash,
    "_": _judge_underscore,
    "__": _judge_underscore,
    "++": _judge_step,
    "minus minus": _judge_step,
    "=": _judge_equals,
    "*": _judge_star,
    "+": _judge_plus,
    "~": _judge_tilde,
    "@": _judge_at,
    "}": _judge_closing_brace,
    **dict.fromkeys((")", "]"), lambda line: _CLOSE),
    **dict.fromkeys((",", ";"), lambda line: _COMMA),
    **dict.fromkeys(("::", "?."), lambda line: _TIGHT),
    **dict.fromkeys(("#", "#!", "$", "!", "./", "../", "~/", "..."), lambda line: _PREFIX),
    **dict.fromkeys(("..", '"', "'", "`"), lambda line: _WORD),
}
