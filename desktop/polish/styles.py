"""Choose how to write at a place: styles by application, window title and site, overridden by the user's own file.

A style is data (`styles.toml`), so that a place is added or corrected in one line. Places have the names that the
paster knows, compared whole: parts of names would match half of all programs. The user's own rules are tried first,
because they were written on purpose; among the rules of one file the more specific wins, a site before a title before
an application. An entry that cannot be read affects nothing else.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from desktop.core.errors import InvalidValueError
from desktop.core.files import read_package_toml, read_user_toml
from desktop.core.messages import Message
from desktop.core.types import Style, Target
from desktop.core.validation import describe_invalid
from desktop.paste.apps import COMM_BYTES, is_terminal
from desktop.settings.schema import RULE_NAMES

PLAIN_STYLE = "plain"
"""The style where no rule applies. Only files use this name, to change it: its `Style` has an empty name."""

_SYSTEM = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
"""The name of this system in `desktop.paste.apps`."""

type Names = Annotated[tuple[str, ...], BeforeValidator(lambda names: (names,) if isinstance(names, str) else names)]
"""One name or a list of names; `*` in a name matches anything."""


def _check_rule_names(names: frozenset[str]) -> frozenset[str]:
    if unknown := sorted(names - set(RULE_NAMES)):
        raise InvalidValueError(Message("polish-rule-unknown", name=unknown[0]))
    return names


class _StyleFileEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _StyleEntry(_StyleFileEntry):
    """A style as written in a file, with the fields of `Style`."""

    mode: Literal["", "off", "rules", "llm"] = ""
    capital: bool = True
    closing: bool = True
    without: Annotated[frozenset[str], AfterValidator(_check_rule_names)] = frozenset()
    tone: str = ""
    code: Literal["", "names", "all"] = ""


class StyleRule(_StyleFileEntry):
    """Where a style applies: at one of `app`, of `title` and of `site`, as far as they are given, and at programs of
    this `kind`.

    `name` is the display name of the place.
    """

    style: str
    app: Names = ()
    title: Names = ()
    site: Names = ()
    kind: Literal["", "terminal", "editor"] = ""
    name: str = ""

    def model_post_init(self, _: object) -> None:
        """Refuse a rule that names no place."""
        if not (self.app or self.title or self.site or self.kind):
            raise InvalidValueError(Message("style-rule-without-place"))


@dataclass(frozen=True, slots=True)
class _RuleMatch:
    """How well a rule matches (greater is more specific), and by what."""

    specificity: tuple[int, bool, bool]
    reason: str


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles in force by name, and the rules in layers that are tried in order.

    `warnings` has a message for each part of the user's file that is not in force. `built_in` are the names of styles
    that the user's file only changes. Without rules every place is plain.
    """

    styles: Mapping[str, Style] = field(default_factory=dict)
    layers: Sequence[Sequence[StyleRule]] = ()
    warnings: tuple[Message, ...] = ()
    built_in: frozenset[str] = frozenset()

    def style_for(self, target: Target) -> tuple[Style, str]:
        """Return the style for `target` and what selects it: the application, the site, `title *Invoice*`; "" if no
        rule applies.

        Reads the name of the program, by which rules may also know it, from /proc.
        """
        comm = _read_comm(target.pid)
        for rules in self.layers:
            matches = [(match, rule) for rule in rules if (match := _match_rule(rule, target, comm))]
            if matches:
                match, rule = max(matches, key=lambda found: found[0].specificity)  # of equals, the first
                return self.styles[rule.style], rule.name or match.reason
        return self.styles.get(PLAIN_STYLE, Style()), ""


def load_styles(path: Path) -> Styles:
    """Load the built-in styles with the user's file at `path`, which may be missing, over them. Never raises."""
    builtin = _load_builtin()
    styles: dict[str, dict[str, Any]] = {PLAIN_STYLE: {}, **builtin.get("style", {})}
    warnings: list[Message] = []
    user_rules: list[StyleRule] = []
    document = read_user_toml(path, warnings)
    for name, content in _checked_section(document.pop("style", {}), dict, path, "style", warnings).items():
        if (style := _parse_entry(_StyleEntry, content, f"{path.name}: style.{name}", warnings)) is not None:
            styles[name] = {**styles.get(name, {}), **style.model_dump(exclude_unset=True)}
    for number, content in enumerate(_checked_section(document.pop("rule", []), list, path, "rule", warnings), 1):
        rule = _parse_entry(StyleRule, content, f"{path.name}: rule {number}", warnings)
        if rule is not None and rule.style not in styles:
            warnings.append(Message("style-rule-without-style", file=path.name, number=number, style=rule.style))
        elif rule is not None:
            user_rules.append(rule)
    warnings += [Message("style-section-unknown", file=path.name, section=name) for name in document]
    styles_by_name = {name: _make_style(name, fields) for name, fields in styles.items()}
    layers = tuple(user_rules), tuple(StyleRule(**rule) for rule in builtin["rule"])
    return Styles(styles_by_name, layers, tuple(warnings), frozenset((PLAIN_STYLE, *builtin.get("style", ()))))


def _make_style(name: str, fields: Mapping[str, Any]) -> Style:
    return Style("" if name == PLAIN_STYLE else name, **_StyleEntry(**fields).model_dump())


def _checked_section[T](content: object, kind: type[T], path: Path, name: str, warnings: list[Message]) -> T:
    if isinstance(content, kind):
        return content
    form = "[style.NAME]" if kind is dict else "[[rule]]"
    warnings.append(Message("style-section-form", file=path.name, section=name, form=form))
    return kind()


def _parse_entry[E: _StyleFileEntry](entry: type[E], content: object, where: str, warnings: list[Message]) -> E | None:
    try:
        return entry.model_validate(content)
    except ValidationError as error:
        at = ".".join(map(str, (where, *error.errors()[0]["loc"])))
        warnings.append(Message("file-entry-invalid", where=at, reason=describe_invalid(error, entry)))
        return None


def _match_rule(rule: StyleRule, target: Target, comm: str) -> _RuleMatch | None:
    """Return the match of `rule` at `target`, in a program whose kernel name is `comm`; None if a condition fails."""
    app = target.app or comm
    if rule.app and not _is_named(rule.app, target.app, comm):
        return None
    if rule.kind and not _is_of_kind(rule.kind, target.app, comm):
        return None
    title = next((title for title in rule.title if _matches_pattern(title, target.title)), "")
    site = max((site for site in rule.site if _is_site_or_subdomain(target.site, site)), key=len, default="")
    if (rule.title and not title) or (rule.site and not site):
        return None
    reason = site or (f"title {title}" if title else app)
    return _RuleMatch((len(site), bool(title), bool(rule.app or rule.kind)), reason)


def _is_of_kind(kind: str, app: str, comm: str) -> bool:
    """Return whether an application is a terminal by the table of applications, or an editor by that of styles."""
    if kind == "terminal":
        return is_terminal(app, comm, _SYSTEM)
    return _is_named(_list_editors(), app, comm)


@functools.cache
def _list_editors() -> tuple[str, ...]:
    """Return the applications to which the style for code applies."""
    return tuple(name for rule in _load_builtin()["rule"] if rule["style"] == "code" for name in rule.get("app", ()))


def _read_comm(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(errors="replace").strip() if pid else ""
    except OSError:
        return ""


def _is_named(names: Sequence[str], app: str, comm: str) -> bool:
    """Return whether an application has one of `names`, of which the kernel keeps only the first characters."""
    return any(
        (app and _matches_pattern(name, app)) or (comm and _matches_pattern(name[:COMM_BYTES], comm)) for name in names
    )


def _is_site_or_subdomain(host: str, site: str) -> bool:
    return bool(site) and f".{host.lower()}".endswith(f".{site.lower()}")


def _matches_pattern(pattern: str, text: str) -> bool:
    """Return whether `text` matches `pattern`, in which a star stands for anything.

    Each part is searched once, after the one before: a regular expression tries all ways to distribute a text among the
    stars, which takes forever with a few dozen of them.
    """
    first, *parts = _fold_case(pattern).split("*")
    text = _fold_case(text)
    if not parts:
        return text == first
    *middle, last = parts
    if not text.startswith(first):
        return False
    end = len(first)
    for part in middle:
        position = text.find(part, end)
        if position < 0:
            return False
        end = position + len(part)
    return len(text) - end >= len(last) and text.endswith(last)


def _fold_case(text: str) -> str:
    """Return `text` without case, and with the Turkish dotted and dotless i as one letter."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


@functools.cache
def _load_builtin() -> dict[str, Any]:
    return read_package_toml("desktop.polish", "styles.toml")
