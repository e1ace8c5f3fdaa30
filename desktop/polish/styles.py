"""How one writes at a place: styles by application, window title and site, and the person's own word over them.

A style is data (`styles.toml`), so that a place is added or mended in a line. Places are known as the paster knows
them, by whole names: parts of names would find half of all programs. The person's own rules are asked first, since
who writes one means it; among rules of one file the more special goes first, a site before a title before an
application. What cannot be read costs nothing but itself.
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

from desktop import own_table
from desktop.paste.applications import COMM, is_terminal
from desktop.ports import Style, Target
from desktop.settings.tree import RULE_NAMES

PLAIN = "plain"
"""The style of no place in particular. It has a name only for whoever wants to change it: a `Style` of it has none."""

_SYSTEM = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
"""What `desktop.paste.applications` calls this system."""

type Names = Annotated[tuple[str, ...], BeforeValidator(lambda said: (said,) if isinstance(said, str) else said)]
"""One name, or a list of them; each may have * for anything in it."""


def _rules(names: frozenset[str]) -> frozenset[str]:
    if unknown := sorted(names - set(RULE_NAMES)):
        raise ValueError(f"there is no rule {unknown[0]}")
    return names


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Style(_Entry):
    """A style as a file says it: `ports.Style`, whose fields it has."""

    mode: Literal["", "off", "rules", "llm"] = ""
    capital: bool = True
    closing: bool = True
    without: Annotated[frozenset[str], AfterValidator(_rules)] = frozenset()
    tone: str = ""


class Rule(_Entry):
    """Where a style holds: at one of `app`, of `title` and of `site`, as far as they are named, and at what is of the
    `kind`. `name` is what the place is called."""

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
    """How well a rule fits (greater is more special), and by what."""

    special: tuple[int, bool, bool]
    why: str


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles in force, by name, and the rules, in layers that are asked one after the other; `dropped` has a
    sentence for each part of the person's file that is not in force. Without any, every place is plain."""

    styles: Mapping[str, Style] = field(default_factory=dict)
    layers: Sequence[Sequence[Rule]] = ()
    dropped: tuple[str, ...] = ()

    def at(self, target: Target) -> tuple[Style, str]:
        """How one writes at `target`, and what says so: the application, the site, `title *Invoice*`; empty where
        nothing does. Looks into /proc for the program's name, by which it may be known too."""
        comm = _comm(target.pid)
        for rules in self.layers:
            matches = [(match, rule) for rule in rules if (match := _match(rule, target, comm))]
            if matches:
                match, rule = max(matches, key=lambda found: found[0].special)  # of equals, the first
                return self.styles[rule.style], rule.name or match.why
        return self.styles.get(PLAIN, Style()), ""


def load(path: Path) -> Styles:
    """The styles that come with the app, and the person's file at `path` over them, which need not be there. Never
    raises."""
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
    """Whether all that `rule` names is so at `target`, in a program that the kernel calls `comm`."""
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
    """Whether an application is one of `names`, of which the kernel keeps the start alone."""
    return any((app and _fits(name, app)) or (comm and _fits(name[:COMM], comm)) for name in names)


def _is_below(host: str, site: str) -> bool:
    return bool(site) and f".{host.lower()}".endswith(f".{site.lower()}")


def _fits(pattern: str, text: str) -> bool:
    """Whether `text` is `pattern`, in which a star stands for anything. Each part is looked for once, behind the one
    before: a regular expression tries all ways of sharing a text out among the stars, which a few dozen make endless.
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
    """`text` without case. Turkish has an i with a dot and one without, which no folding but its own makes one."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("desktop.polish").joinpath("styles.toml").read_text(encoding="utf-8"))
