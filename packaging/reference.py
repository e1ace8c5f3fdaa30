"""`make reference`: write `docs/configuration.md` from the settings' schema, `docs/cli.md` and the man page from the
parsers.

The parsers' actions are formatted here: what argparse prints depends on the terminal and on Python's version. The keys
of `--json` are those that the tests freeze.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import man_page

from desktop.__main__ import _build_parser
from desktop.credentials.environment import KEY_VARIABLES
from desktop.settings.description import SettingDescription, describe_setting
from desktop.settings.schema import Settings, SettingsSection
from desktop.settings.store import list_keys

ROOT = Path(__file__).parent.parent
FROZEN_JSON = ROOT / "tests/contracts/surface/json.json"
USAGE_COLUMNS = 100

_CODE = re.compile(r"`[^`]*`")
_SPACE = "\N{NO-BREAK SPACE}"
"""Stands for a space at which no line ends."""

CONFIGURATION_HEAD = """\
# Configuration

<!-- Written by packaging/reference.py from desktop/settings/sections: change the schema and run `make reference`. -->

The settings window and `intone settings` change `settings.toml`, and it can be edited by hand; a running app applies a
change within a second. `intone settings path` prints where the file is, `intone settings describe KEY` an entry of this
page and the value in force.

The part of a key before its last dot is a table of the file:

```toml
[recognizer]
engine = "compatible"
language = ["en", "de"]

[engines.compatible]
url = "http://10.0.0.2:8000/v1"
```
"""

ENVIRONMENT = {
    ("INTONE_HOME",): "the folder of settings, history, recordings, models and logs",
    ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"): "where `INTONE_HOME` is not set, the system's "
    "folders for settings, data and state; Intone has a folder `intone` in each",
    ("XDG_RUNTIME_DIR",): "the folder of the socket by which commands reach the running app",
    ("http_proxy", "https_proxy", "all_proxy"): "the proxies for addresses that begin with http://, with https://, and "
    "for all",
    ("SSL_CERT_FILE",): "a file of certificates to trust, such as that of a proxy",
}
"""The environment variables that no setting names, and what they do."""

CLI_NOTES = """\
JSON is one object, or one object a line, on standard output; everything else goes to standard error. The exit status
is 0 when done, 1 after a failure that a sentence explains, 2 for wrong usage, and 130 after Ctrl+C. While a command
runs, every user of the machine can see its arguments, but not what comes by standard input. Every command has `--help`;
`intone --version` prints the version.
"""

CLI_HEAD = f"""\
# Command line

<!-- Written by packaging/reference.py from desktop/cli: change the parsers and run `make reference`. -->

{CLI_NOTES}"""


def write_configuration() -> str:
    """Return the reference of the settings."""
    blocks = [CONFIGURATION_HEAD]
    section = ""
    for key in list_keys():
        if key.rpartition(".")[0] != section:
            section = key.rpartition(".")[0]
            blocks.append(_format_section(section))
        blocks.append(_format_setting(describe_setting(key, system="linux")))
    blocks.append("## Environment\n\nThe keys of services are named with their settings. Beside them:\n")
    for variables, text in ENVIRONMENT.items():
        lines = _wrap(f"- {', '.join(f'`{variable}`' for variable in variables)}: {text}", "  ")
        blocks.append("\n".join(lines))
    blocks.append("")
    return "\n".join(blocks)


def _format_section(section: str) -> str:
    tree: SettingsSection = Settings()
    for name in section.split("."):
        tree = getattr(tree, name)
    heading = f"## {tree.model_config['title']}: `{section}`\n"
    name = section.rpartition(".")[2].split("_")[0]
    if name not in KEY_VARIABLES:
        return heading
    place = f"the environment variable `{KEY_VARIABLES[name]}`, or what `intone key set {name}` keeps"
    return f"{heading}\nThe key of the service is {place}.\n"


def _format_setting(described: SettingDescription) -> str:
    text = " ".join(filter(None, (described.help, described.details)))
    lines = [f"### `{described.key}`", "", *_wrap(f"**{described.label}.** {text}"), "", f"- Value: {described.form}"]
    for value, label in described.choices.items():
        lines.append(f"  - `{value}`: {label}" if label else f"  - `{value}`")
    lines.append(f"- Default: `{described.default}`" if described.default else "- Default: empty")
    return "\n".join(lines) + "\n"


def write_commands() -> str:
    """Return the reference of the command line."""
    return "\n".join([CLI_HEAD, *_format_command("intone", _build_parser(""), "", 2)])


def write_man_page() -> str:
    """Return the same as a man page, with the places of version and date for `shipping` to fill."""
    _, *commands = _format_command("intone", _build_parser(""), "", 2)
    environment = {", ".join(variables): text for variables, text in ENVIRONMENT.items()}
    for name, variable in KEY_VARIABLES.items():
        environment[variable] = f"the key of a service, instead of what `intone key set {name}` keeps"
    return man_page.format_page([*commands[:2], CLI_NOTES], commands[2:], environment)


def _format_command(name: str, parser: argparse.ArgumentParser, summary: str, level: int) -> Iterator[str]:
    """Yield the blocks of a command and of those below it."""
    yield f"{'#' * level} `{name}`\n"
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    others = argparse._HelpAction | argparse._VersionAction | argparse._SubParsersAction
    arguments = [action for action in parser._actions if not isinstance(action, others)]
    if arguments:
        yield f"```sh\n{_format_usage(name, parser, arguments)}\n```\n"
    yield "\n".join(_wrap(parser.description or f"{summary[:1].upper()}{summary[1:]}.")) + "\n"
    ordered = sorted(arguments, key=lambda action: bool(action.option_strings))
    if lines := [line for action in ordered for line in _format_argument(name, action)]:
        yield "\n".join(lines) + "\n"
    if parser.epilog and not parser.epilog.endswith(f": {name}"):
        yield _format_epilog(parser.epilog) + "\n"
    for group in groups:
        summaries = {action.dest: action.help for action in group._choices_actions}
        for child, below in group.choices.items():
            yield from _format_command(f"{name} {child}", below, summaries[child], min(level + (name != "intone"), 3))


def _format_usage(name: str, parser: argparse.ArgumentParser, arguments: list[argparse.Action]) -> str:
    exclusive = {id(action): group for group in parser._mutually_exclusive_groups for action in group._group_actions}
    parts: dict[object, str] = {}
    for action in sorted(arguments, key=lambda action: not action.option_strings):
        group = exclusive.get(id(action), action)
        parts[group] = f"{parts[group]} | {_format_name(action)}" if group in parts else _format_name(action)
    words = [f"[{text}]" if _is_optional(group) else text for group, text in parts.items()]
    whole = " ".join([name, *(word.replace(" ", _SPACE) for word in words)])
    return "\n".join(_wrap(whole, "    ", USAGE_COLUMNS))


def _is_optional(argument: object) -> bool:
    if isinstance(argument, argparse.Action) and not argument.option_strings:
        return argument.nargs in ("*", "?")
    return not getattr(argument, "required", False)


def _format_name(action: argparse.Action) -> str:
    """Return an argument as it is written: `--limit N`, `FILE...`."""
    flag = action.option_strings[-1] if action.option_strings else ""
    if action.nargs == 0:
        return flag
    value = str(action.metavar or "|".join(action.choices or ()) or action.dest.upper())
    if action.nargs in ("*", "+"):
        value += "..."
    elif action.nargs == "?" and flag:
        value = f"[{value}]"
    return f"{flag} {value}".strip()


def _format_argument(name: str, action: argparse.Action) -> list[str]:
    text = action.help or ""
    if "--json" in action.option_strings:
        keys = _list_json_keys(name)
        text = text if all(key in text for key in keys) else f"{text}: {', '.join(keys)}"
    return _wrap(f"- `{_format_name(action)}`: {text}", "  ")


def _list_json_keys(name: str) -> list[str]:
    """Return the outermost keys of what a command prints with `--json`."""
    frozen: dict[str, list[str]] = json.loads(FROZEN_JSON.read_text(encoding="utf-8"))
    return [*dict.fromkeys(key.replace("[]", "").partition(".")[0] for key in frozen.get(name, ()))]


def _format_epilog(epilog: str) -> str:
    word, separator, example = epilog.partition(": ")
    if word.lower() != "example" or "`" in example:
        return epilog
    return f"{word.capitalize()}{separator}`{example}`"


def _wrap(text: str, indent: str = "", columns: int = 120) -> list[str]:
    """Break `text` between words, but not within code."""
    whole = _CODE.sub(lambda code: code[0].replace(" ", _SPACE), text)
    lines = textwrap.wrap(whole, columns, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
    return [line.replace(_SPACE, " ") for line in lines]


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/configuration.md": write_configuration,
    "docs/cli.md": write_commands,
    "packaging/linux/intone.1": write_man_page,
}
"""Each generated document and what returns its text."""


if __name__ == "__main__":
    for path, write in DOCUMENTS.items():
        (ROOT / path).write_text(write(), encoding="utf-8")
        sys.stdout.write(f"{path}\n")
