"""Build a report that is safe to publish: check results, non-default settings, versions, the end of the log.

Only known harmless data goes in: a setting's value only if all its possible values are in our own list, a log line only
if our own code wrote it, an exception as its type and place without its message. `build_masker` then removes names of
people, machines and keys that got in some other way.
"""

from __future__ import annotations

import os
import platform
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_origin
from urllib.parse import urlsplit

import desktop
from desktop.core.log import OUR_PACKAGES
from desktop.core.paths import Paths
from desktop.settings.live import load_in_force
from desktop.settings.schema import Settings, SettingsSection
from desktop.settings.store import LoadedSettings, get_setting, list_keys

if TYPE_CHECKING:
    from desktop.doctor.checks import Finding

LOG_LINES = 80

REPORTED_LIBRARIES = ("PySide6-Essentials", "faster-whisper", "ctranslate2", "httpx2", "sounddevice", "python-xlib")
"""Distributions whose version the report lists: those that explain most faults."""

HARMLESS_SETTINGS = ("hotkey.", "recognizer.language", "polish.without")
"""Prefixes of settings without a closed list of values that are harmless: keys, languages, our own rules."""

PUBLIC_HOSTS = re.compile(
    r"(.+\.)?(openai\.com|deepgram\.com|huggingface\.co|pypi\.org|github\.com)|localhost|127\..*|::1"
)
"""Hosts that do not identify a machine or its owner."""

DETAIL_REPLACEMENTS = {"microphone": "Found.", "display": "Found."}
"""Checks whose detail may be a name that a user chose, with the text shown instead."""

USER_CONTENT_CHECKS = {"settings", "vocabulary", "own files"}
"""Checks that quote files written by the user."""

_LOG_ENTRY = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ \+\d+ ms [A-Z]+ \S.*? (?P<name>[\w.]+): ")
_TRACEBACK_FRAME = re.compile(r'\s*File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<in>\S+)')
_EXCEPTION_LINE = re.compile(
    r"(?P<kind>[A-Za-z_][\w.]*(Error|Exception|Problem|Interrupt|Exit|Warning|Timeout|Group))\b(:.*)?$"
)
_URL = re.compile(r"\b(?P<scheme>https?|wss?)://(?P<host>\[[^\]]*\]|[^\s/:'\"<>?#]+)(?P<rest>[^\s'\"<>]*)")
_KEY = re.compile(
    r"\b(sk|dg|gsk|key|tok|pat|ghp|xox\w)[-_][\w-]{6,}|(?<![\w/.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{28,}"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_HOME_FOLDERS = re.compile(r"(/home|/Users|\\Users)[/\\][^/\\\s'\"]+")
_IP_ADDRESS = re.compile(r"\b(?!127\.)\d{1,3}(\.\d{1,3}){3}\b")


def build_report(paths: Paths, findings: Sequence[Finding]) -> str:
    """Return the report as text. Reads the settings and the log; their faults raise nothing."""
    loaded = load_in_force(paths)
    hide = build_masker(paths, loaded.chosen)
    parts = [
        ("Intone", _version_lines()),
        ("Checks", [line for finding in findings for line in _finding_lines(finding)] or ["None were made."]),
        ("Settings that are not the default", _setting_lines(loaded) or ["None."]),
        ("The end of the log", _log_lines(paths.logs / "intone.log") or ["There is none."]),
    ]
    return "\n\n".join(f"## {title}\n" + "\n".join(hide(line) for line in lines) for title, lines in parts) + "\n"


def build_masker(paths: Paths, settings: Settings) -> Callable[[str], str]:
    """Return a function that removes home folders, private hosts, addresses, keys and the user's own words from a
    line."""
    homes = {str(Path.home()): "~", os.environ.get("INTONE_HOME", ""): "[home]", str(paths.config): "[settings]"}
    hosts = {
        host for key in list_keys() if key.endswith(".url") and (host := urlsplit(get_setting(settings, key)).hostname)
    }
    private_words = {
        *settings.vocabulary.words,
        *settings.history.exclude,
        *(h for h in hosts if not PUBLIC_HOSTS.fullmatch(h)),
    }
    private_words |= {os.environ.get(name, "") for name in ("USER", "LOGNAME", "HOSTNAME", "USERNAME")} | {
        platform.node()
    }
    private_words -= {"", "root", "localhost"}
    words = re.compile(
        "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(private_words, key=len, reverse=True)), re.I
    )

    def mask_line(line: str) -> str:
        for home, called in sorted(homes.items(), key=lambda item: -len(item[0])):
            if len(home) > 1:
                line = line.replace(home, called)
        line = _HOME_FOLDERS.sub("~", line)
        line = _URL.sub(_mask_host, line)
        line = _EMAIL.sub("[address]", line)
        if private_words:
            line = words.sub("[yours]", line)
        for pattern, called in ((_KEY, "[key]"), (_IP_ADDRESS, "[address]")):
            line = pattern.sub(called, line)
        return line

    return mask_line


def _mask_host(match: re.Match[str]) -> str:
    host = match["host"].rpartition("@")[2]
    return f"{match['scheme']}://{host if PUBLIC_HOSTS.fullmatch(host) else '[host]'}"


def _version_lines() -> list[str]:
    libraries = (f"{name} {version}" for name in REPORTED_LIBRARIES if (version := _library_version(name)))
    session = (os.environ.get(name, "") for name in ("XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "SESSIONNAME"))
    return [
        f"Intone {desktop.__version__}, Python {platform.python_version()}",
        f"{platform.system()} {platform.release()} {platform.machine()}, {_distribution_name()}",
        f"Session: {' '.join(filter(None, session)) or 'not told'}",
        ", ".join(libraries),
    ]


def _distribution_name() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return platform.platform(terse=True)


def _library_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _finding_lines(finding: Finding) -> list[str]:
    mark = "ok" if finding.ok else "BAD" if finding.essential else "missing"
    if finding.name in USER_CONTENT_CHECKS and not finding.ok:
        return [f"{mark}: {finding.name}: Some of it cannot be used."]
    title = finding.message.title
    detail = DETAIL_REPLACEMENTS.get(finding.name, title) if finding.ok else title
    return [f"{mark}: {finding.name}: {detail}", *(f"    {line}" for line in finding.message.remedy.splitlines())]


def _setting_lines(loaded: LoadedSettings) -> list[str]:
    now, default = loaded.chosen, Settings()
    lines = [
        f"{key} = {_setting_value(key, now)}"
        for key in list_keys()
        if get_setting(now, key) != get_setting(default, key)
    ]
    if loaded.lines:
        lines.append(f"{len(loaded.lines)} lines of the file are not in force.")
    return lines


def _setting_value(key: str, settings: Settings) -> str:
    """Return the setting's value where that is harmless, otherwise only that there is one."""
    section, _, name = key.rpartition(".")
    tree: SettingsSection = settings
    for part in section.split("."):
        tree = getattr(tree, part)
    value = getattr(tree, name)
    annotation = type(tree).model_fields[name].annotation
    closed = get_origin(annotation) is Literal or isinstance(value, int)
    if closed or key.startswith(HARMLESS_SETTINGS):
        return get_setting(settings, key)
    if isinstance(value, tuple):
        return f"[{len(value)} of your own]"
    return "[your own]"


def _log_lines(file: Path) -> list[str]:
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            return list(deque(_filter_log(lines), LOG_LINES))
    except OSError:
        return []


def _filter_log(lines: Iterable[str]) -> Iterable[str]:
    """Yield our own log entries, and of exceptions the type and place."""
    ours = False
    for line in lines:
        text = line.rstrip("\n")
        if entry := _LOG_ENTRY.match(text):
            ours = entry["name"].split(".")[0] in OUR_PACKAGES
            yield text if ours else f"{entry[0]}[not told]"
        elif place := _TRACEBACK_FRAME.match(text):
            yield f"    {Path(place['file']).name}:{place['line']} {place['in']}"
        elif raised := _EXCEPTION_LINE.match(text.strip("| +")):
            yield f"    {raised['kind']}"
