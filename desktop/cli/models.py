"""`intone models`: list, download and delete models, with or without the app, also before its first start.

The app downloads the speech model that it needs by itself; this is for language models, for setting up a machine, for a
model that the app would not choose, and for repairing a damaged one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial

from desktop.core.errors import UserError
from desktop.core.paths import find_paths
from desktop.core.process import rewrite_line
from models.catalog import CatalogModel, ModelError, load_catalog
from models.store import ModelStore


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; each of its actions sets `run`, which takes the arguments and returns the exit status."""
    command = subparsers.add_parser("models", help="list, fetch and remove models of speech and language")
    actions = command.add_subparsers(required=True, metavar="ACTION")

    def add(
        name: str, action: Callable[[ModelStore, argparse.Namespace], None], summary: str
    ) -> argparse.ArgumentParser:
        parser = actions.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        parser.set_defaults(run=partial(_run, action))
        return parser

    listing = add("list", _run_list, "list the models and say which are installed")
    pull = add("pull", _run_pull, "fetch a model, or check an installed one and mend it")
    remove = add("remove", _run_remove, "delete a model")
    path = add("path", _run_path, "print the folder of an installed model")
    for parser in (pull, remove, path):
        parser.add_argument(
            "name", type=_parse_model_name, metavar="NAME", help="a name that `intone models list` prints"
        )
    listing.add_argument("--json", action="store_true", help="print one JSON object a line")
    path.add_argument("--json", action="store_true", help="print a JSON object")


def _parse_model_name(text: str) -> str:
    # Not argparse's `choices`: they would read the catalog whenever any command is parsed.
    if text not in load_catalog():
        raise argparse.ArgumentTypeError(f"there is no model called {text}; the models are {', '.join(load_catalog())}")
    return text


def _run(action: Callable[[ModelStore, argparse.Namespace], None], arguments: argparse.Namespace) -> int:
    try:
        action(ModelStore(find_paths().models, load_catalog()), arguments)
    except ModelError as error:
        print(UserError.from_coded(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The next try goes on from here.", file=sys.stderr)
        return 1
    return 0


def _run_list(store: ModelStore, arguments: argparse.Namespace) -> None:
    for model in store.models.values():
        found = store.installed_source(model.name)
        source = found or model.hub
        size = sum(file.size for file in source.files)
        if arguments.json:
            row = {
                "name": model.name,
                "kind": model.kind,
                "installed": found is not None,
                "bytes": size,
                "languages": _languages_word(model),
                "licence": model.licence,
                "source": source.origin,
                "language_codes": model.languages,
                "family": model.family,
                "format": model.format,
                "proved": model.is_proved,
                "attribution": model.attribution,
            }
            print(json.dumps(row))
        else:
            state = "installed" if found else ""
            memory = f"{model.memory_mb:,} MB memory"
            languages = _languages_word(model)
            line = f"{model.name:20} {model.kind:9} {size / 1e6:7,.0f} MB {memory:>17}  {languages:13} {state}"
            print(line.rstrip())


def _languages_word(model: CatalogModel) -> str:
    """Return the only language of the model, else `multilingual`."""
    return model.languages[0] if len(model.languages) == 1 else "multilingual"


def _run_pull(store: ModelStore, arguments: argparse.Namespace) -> None:
    # Imported here: the HTTP client takes longer to import than every other action takes to run.
    import anyio

    from models.download import download_model

    bar = _DownloadBar(arguments.name)
    try:
        anyio.run(download_model, arguments.name, store, bar.update)
    finally:
        bar.close()
    print(f"Model {arguments.name} is installed.", file=sys.stderr)


class _DownloadBar:
    """A download's progress on stderr: a redrawn line on a terminal, elsewhere a line for each tenth."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._last_step = -1
        self._steps = 100 if sys.stderr.isatty() else 10

    def update(self, done: int, total: int) -> None:
        step = self._steps * done // total
        if step == self._last_step:
            return
        self._last_step = step
        amount = f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
        if self._steps == 100:
            rewrite_line(f"{self._name} {'█' * (step // 4):░<25} {step:3}% {amount} ")
        else:
            print(f"{self._name} {step * 10:3}% {amount}", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._steps == 100 and self._last_step >= 0:
            print(file=sys.stderr)


def _run_remove(store: ModelStore, arguments: argparse.Namespace) -> None:
    store.remove(arguments.name)


def _run_path(store: ModelStore, arguments: argparse.Namespace) -> None:
    folder = store.resolve_folder(arguments.name)
    print(json.dumps({"name": arguments.name, "path": str(folder)}) if arguments.json else folder)
