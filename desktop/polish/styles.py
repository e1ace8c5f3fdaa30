"""Choose how to write at a place: styles by application, window title and site, overridden by the user's own file.

A style is data (`styles.toml`), so that a place is added or corrected in one line. Places have the names that the
paster knows, compared whole: parts of names would match half of all programs. The user's own rules are tried first,
because they were written on purpose; among the rules of one file the more specific wins, a site before a title before
an application. An entry that cannot be read affects nothing else.
"""

from __future__ import annotations

import functools
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from desktop.core import own_table
from desktop.core.types import Style, Target
from desktop.paste.apps import COMM, is_terminal
from desktop.settings.schema import RULE_NAMES

PLAIN = "plain"
"""The style where no rule applies. Only files use this name, to change it: its `Style` has an empty name."""

_SYSTEM = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
"""The name of this system in `paste.apps`."""

type Names = Annotated[tuple[str, ...], BeforeValidator(lambda said: (said,) if isinstance(said, str) else said)]
"""One name or a list of names; `*` in a name matches anything."""


def _rules(names: frozenset[str]) -> frozenset[str]:
    if unknown := sorted(names - set(RULE_NAMES)):
        raise ValueError(f"there is no rule {unknown[0]}")
    return names


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Style(_Entry):
    """A style as written in a file, with the fields of `Style`."""

    mode: Literal["", "off", "rules", "llm"] = ""
    capital: bool = True
    closing: bool = True
    without: Annotated[frozenset[str], AfterValidator(_rules)] = frozenset()
    tone: str = ""


class Rule(_Entry):
    """Where a style applies: at one of `app`, of `title` and of `site`, as far as they are given, and at programs of
    this `kind`.

    `name` is the display name of the place.
    """

    style: str
    app: Names = ()
    title: Names = ()
    site: Names = ()
    kind: Literal["", "terminal"] = ""
    name: str = ""

    def model_post_init(self, _: object) -> None:
        """Refuse a rule that names no place."""
        if not (self.app or self.title or self.site or self.kind):
            raise ValueError("give an app, a title or a site")


@dataclass(frozen=True, slots=True)
class _Match:
    """How well a rule matches (greater is more specific), and by what."""

    special: tuple[int, bool, bool]
    why: str


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles in force by name, and the rules in layers that are tried in order.

    `dropped` has a sentence for each part of the user's file that is not in force. Without rules every place is plain.
    """

    styles: Mapping[str, Style] = field(default_factory=dict)
    layers: Sequence[Sequence[Rule]] = ()
    dropped: tuple[str, ...] = ()

    def at(self, target: Target) -> tuple[Style, str]:
        """Return the style for `target` and what selects it: the application, the site, `title *Invoice*`; "" if no
        rule applies.

        Reads the name of the program, by which rules may also know it, from /proc.
        """
        comm = _comm(target.pid)
        for rules in self.layers:
            matches = [(match, rule) for rule in rules if (match := _match(rule, target, comm))]
            if matches:
                match, rule = max(matches, key=lambda found: found[0].special)  # of equals, the first
                return self.styles[rule.style], rule.name or match.why
        return self.styles.get(PLAIN, Style()), ""


def load(path: Path) -> Styles:
    """Load the built-in styles with the user's file at `path`, which may be missing, over them. Never raises."""
    ours = _table()
    styles: dict[str, dict[str, Any]] = {PLAIN: {}, **ours.get("style", {})}
    dropped: list[str] = []
    own: list[Rule] = []
    document = own_table.read(path, dropped)
    for name, said in _listed(document.pop("style", {}), dict, path, "style", dropped).items():
        if (style := _parsed(_Style, said, f"{path.name}: style.{name}", dropped)) is not None:
            styles[name] = {**styles.get(name, {}), **style.model_dump(exclude_unset=True)}
    for number, said in enumerate(_listed(document.pop("rule", []), list, path, "rule", dropped), 1):
        rule = _parsed(Rule, said, f"{path.name}: rule {number}", dropped)
        if rule is not None and rule.style not in styles:
            dropped.append(f"{path.name}: rule {number}: there is no style {rule.style}.")
        elif rule is not None:
            own.append(rule)
    dropped += [f"{path.name}: {name}: there are only style and rule." for name in document]
    made = {name: _style(name, fields) for name, fields in styles.items()}
    return Styles(made, (tuple(own), tuple(Rule(**rule) for rule in ours["rule"])), tuple(dropped))


def _style(name: str, fields: Mapping[str, Any]) -> Style:
    return Style("" if name == PLAIN else name, **_Style(**fields).model_dump())


def _listed[T](said: object, kind: type[T], path: Path, name: str, dropped: list[str]) -> T:
    if isinstance(said, kind):
        return said
    dropped.append(f"{path.name}: {name}: write {'[style.NAME]' if kind is dict else '[[rule]]'}.")
    return kind()


def _parsed[E: _Entry](entry: type[E], said: object, where: str, dropped: list[str]) -> E | None:
    try:
        return entry.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, (where, *first["loc"])))
        dropped.append(f"{at}: {first['msg'].removeprefix('Value error, ')}.")
        return None


def _match(rule: Rule, target: Target, comm: str) -> _Match | None:
    """Return the match of `rule` at `target`, in a program whose kernel name is `comm`; None if a condition fails."""
    app = target.app or comm
    if rule.app and not _is_named(rule.app, target.app, comm):
        return None
    if rule.kind and not is_terminal(target.app, comm, _SYSTEM):
        return None
    title = next((title for title in rule.title if _fits(title, target.window)), "")
    site = max((site for site in rule.site if _is_below(target.site, site)), key=len, default="")
    if (rule.title and not title) or (rule.site and not site):
        return None
    why = site or (f"title {title}" if title else app)
    return _Match((len(site), bool(title), bool(rule.app or rule.kind)), why)


def _comm(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(errors="replace").strip() if pid else ""
    except OSError:
        return ""


def _is_named(names: Sequence[str], app: str, comm: str) -> bool:
    """Return whether an application has one of `names`, of which the kernel keeps only the first characters."""
    return any((app and _fits(name, app)) or (comm and _fits(name[:COMM], comm)) for name in names)


def _is_below(host: str, site: str) -> bool:
    return bool(site) and f".{host.lower()}".endswith(f".{site.lower()}")


def _fits(pattern: str, text: str) -> bool:
    """Return whether `text` matches `pattern`, in which a star stands for anything.

    Each part is searched once, after the one before: a regular expression tries all ways to distribute a text among the
    stars, which takes forever with a few dozen of them.
    """
    first, *rest = _folded(pattern).split("*")
    text = _folded(text)
    if not rest:
        return text == first
    *middle, last = rest
    if not text.startswith(first):
        return False
    at = len(first)
    for part in middle:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(last) and text.endswith(last)


def _folded(text: str) -> str:
    """Return `text` without case, and with the Turkish dotted and dotless i as one letter."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("desktop.polish").joinpath("styles.toml").read_text(encoding="utf-8"))
