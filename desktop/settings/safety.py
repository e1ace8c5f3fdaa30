"""Safe mode: what holds while a line of the settings file is invalid, or the file cannot be read, is gone or empty.

An invalid line affects no other, and what it was meant for is not guessed: it may be the one that keeps a recording, or
that gives the address of a service. Until it is repaired

- nothing that is kept is deleted or decrypted, neither of which can be undone (`LoadedSettings.is_safe_mode`);
- what was in force when the file was last valid stays in force for every setting without a valid line, across restarts
  (`desktop.settings.live.LiveSettings`);
- no service is used that was not in use then, and none at another address;
- no model is downloaded for an engine that safe mode put in place (`LoadedSettings.fetch_problem`).

Where no file was ever valid, the other settings have their defaults. A service is used then where valid lines choose it
and give its address, and no line of its section is invalid: a default address is another provider's, and a lost heading
moves a line to the section above it. Emotions are detected on this machine, since the invalid line may be the one that
excludes an application or switches private mode on. Dictations are stored, since they can be deleted later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from desktop.core.messages import Message
from desktop.settings.schema import LOCAL, EnginesSettings, Settings, SettingsSection

URL_KEYS = (*(f"engines.{name}.url" for name in EnginesSettings.model_fields), "polish.url", "updates.url")
"""The keys of the addresses."""

DELETION_PAUSED = Message("settings-deletion-paused")

PRIVACY_OFF = Message("settings-privacy-off")


@dataclass(frozen=True, slots=True)
class InvalidLine:
    """A line of the file that cannot be used, and what to say about it."""

    key: str
    message: Message


def replace_value(settings: Settings, key: str, value: object) -> Settings:
    """Return `settings` with another value for `key`, which is not validated."""
    return _replace(settings, key.split("."), value)


def find_known_services(chosen: Settings, given: Collection[str], invalid: Sequence[InvalidLine]) -> Settings:
    """Return `chosen` with only those addresses and services that are used where no file was ever valid.

    `given` are the keys with a valid line.
    """
    known = chosen
    for key in URL_KEYS:
        section = key.rpartition(".")[0]
        if key not in given or any(_is_within(line.key, section) for line in invalid):
            known = replace_value(known, key, "")
    return replace_value(known, "emotion.engine", Settings().emotion.engine)


def restrict_services(chosen: Settings, valid: Settings) -> Settings:
    """Return `chosen` without the addresses that `valid` does not have, and the services that it does not use.

    An address becomes empty, which `desktop.network.services.build_service` refuses; the setting that chooses a service
    gets its default.
    """
    settings = chosen
    for key in URL_KEYS:
        if _value(chosen, key) not in (_value(valid, key), LOCAL):
            settings = replace_value(settings, key, "")
    allowed = _list_uses(valid)
    for key, url_key in _list_uses(chosen).items():
        if allowed.get(key) != url_key or not _value(settings, url_key):
            settings = replace_value(settings, key, _value(Settings(), key))
    return settings


def find_lost_urls(chosen: Settings, settings: Settings, line_for: Callable[[str], str]) -> dict[str, str]:
    """Map the key of each address of `chosen` that `settings` lacks to the line that needs repair."""
    return {key: line_for(key) for key in URL_KEYS if _value(chosen, key) and not _value(settings, key)}


def describe_lost_services(chosen: Settings, settings: Settings, line_for: Callable[[str], str]) -> list[Message]:
    """Return messages on the services of `chosen` that `settings` does not use."""
    used = _list_uses(settings)
    lost = {key: url_key for key, url_key in _list_uses(chosen).items() if key not in used}
    messages: list[Message] = []
    if url_key := lost.pop("recognizer.engine", ""):
        messages.append(Message("settings-no-sound-sent", line=line_for(url_key)))
    if "polish.url" in lost.values() and "polish.url" not in used.values():
        messages.append(Message("settings-no-model-asked", line=line_for("polish.url")))
        lost = {key: url_key for key, url_key in lost.items() if url_key != "polish.url"}
    for key, url_key in lost.items():
        value = _value(settings, key) or Message("value-empty")
        messages.append(Message("settings-value-until-mended", key=key, value=value, line=line_for(url_key)))
    return messages


def describe_lost_url(key: str, line: str | None) -> Message | None:
    """Return the message beside the address `key`, lost until `line` is repaired; None where `line` is None."""
    if line is None:
        return None
    if line != key:
        return Message("setting-off-until-mended", line=line)
    return Message("setting-url-unusable", key=key)


def build_notice(problem: Message, effect: Message) -> Message:
    """Return what to say at a glance of `problem` with the whole file; `effect` says what is in force."""
    return Message("settings-absent" if problem.code == "settings-gone" else "settings-unread", effect=effect)


def find_line(invalid: Sequence[InvalidLine], key: str) -> str:
    """Return the invalid line to name for `key`: itself, else one in its section, else the first."""
    section = key.rpartition(".")[0]
    return min(invalid, key=lambda line: (line.key != key, not _is_within(line.key, section))).key


def _list_uses(settings: Settings) -> dict[str, str]:
    """Map each key that chooses a service to the key of its address."""
    engine = settings.recognizer.engine
    uses: dict[str, str] = {}
    if engine != "whisper":
        uses["recognizer.engine"] = f"engines.{engine.replace('-', '_')}.url"
    if settings.polish.url != LOCAL:
        is_chosen = {
            "polish.mode": settings.polish.mode == "llm",
            "emotion.engine": settings.emotion.engine == "llm",
            "hotkey.edit": bool(settings.hotkey.edit),
        }
        uses |= {key: "polish.url" for key, chosen in is_chosen.items() if chosen}
    if settings.updates.check == "daily" and settings.updates.url:
        uses["updates.check"] = "updates.url"
    return uses


def _value(settings: Settings, key: str) -> Any:
    return attrgetter(key)(settings)


def _replace[Tree: SettingsSection](tree: Tree, names: Sequence[str], value: object) -> Tree:
    first, *rest = names
    return tree.model_copy(update={first: _replace(getattr(tree, first), rest, value) if rest else value})


def _is_within(key: str, section: str) -> bool:
    return key == section or key.startswith(f"{section}.")
