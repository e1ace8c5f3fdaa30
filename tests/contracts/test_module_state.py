"""No module holds state that changes at run time, other than what is named here with its reason.

Found are module-level names that a function rebinds, mutates or stores into, objects of our classes that change after
their construction, locks and context variables, and caches that are cleared.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from textwrap import dedent

import pytest

from tests.contracts.test_structure import modules, name_of
from tests.support.imports import nodes, read_tree

MODULE_STATE = {
    "desktop.audio.windows_playback.CUE_OUTPUT": "what hangs is the machine's loudspeaker",
    "desktop.audio.microphone.stream.PORTAUDIO": "PortAudio is initialised once for all streams of a process",
    "desktop.core.paths._left_open": "each use of a folder would check again, for milliseconds, what cannot be closed",
    "desktop.credentials.environment._removed_keys": "belongs to `os.environ`, from which the keys were taken",
    "desktop.encryption.keyring.LOADED_KEYS": "a keyring prompts the user once for a process",
    "desktop.network.early_answers._sending": "a context variable holds the value of the task that set it",
    "desktop.network.openai_sdk._current": "a context variable holds the call of the task that set it",
    "desktop.stt.chinese_script._converter_lock": "guards the cached converters, which are shared by threads",
    "desktop.stt.expected_speech._EXPECTATION": "a context variable holds the value of the task that set it",
    "desktop.stt.local.client.IS_LOW_PRIORITY": "a context variable holds the value of the task that set it",
    "desktop.ui.style.tokens._is_desktop_dark": "the look of Qt's one application",
    "desktop.ui.style.tokens._look": "the look of Qt's one application",
}

MUTATORS = re.compile(
    "add|append|appendleft|cache_clear|clear|discard|extend|insert|pop|popitem|popleft|remove|setdefault|update"
)
STATEFUL_CALLS = re.compile("CapacityLimiter|Condition|ContextVar|Event|Lock|RLock|Semaphore|count|local")

type Trees = Mapping[str, ast.Module]


def root_of(node: ast.expr) -> str:
    """The name that `a.b[c].d` begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def changes(function: ast.AST) -> Iterator[ast.expr]:
    """What is stored into, deleted from or mutated in a function: `a.b` of `a.b = c`, `a` of `a.append(b)`."""
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets) | ast.Delete(targets=targets):
                yield from targets
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
                yield target
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if MUTATORS.fullmatch(name):
                yield ast.Attribute(value, name)


def functions(tree: ast.Module) -> Iterator[ast.AST]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    yield from (node for node in nodes(tree) if isinstance(node, kinds))


def changing_classes(trees: Trees) -> frozenset[str]:
    """The classes whose objects change after their construction."""
    bases = dict[str, set[str]]()
    found = set[str]()
    for tree in trees.values():
        for node in nodes(tree):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                methods = [one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
                changed = (place for one in methods if one.name != "__init__" for place in changes(one))
                if any(root_of(place) == "self" and not isinstance(place, ast.Name) for place in changed):
                    found.add(node.name)
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return frozenset(found)


def module_names(tree: ast.Module) -> Iterator[tuple[str, ast.expr | None]]:
    """The names that a module defines, with their values."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from (
                    (one.id, value) for place in targets for one in ast.walk(place) if isinstance(one, ast.Name)
                )
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                yield name, value
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, None


def find_module_state(trees: Trees) -> set[str]:
    classes = changing_classes(trees)
    found = set[str]()
    for module, tree in trees.items():
        names = dict(module_names(tree))
        homes = {name: f"{module}.{name}" for name in names}
        for node in nodes(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in trees:
                homes |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Global):
                found |= {f"{module}.{name}" for name in node.names}
        for function in functions(tree):
            for place in changes(function):
                if not isinstance(place, ast.Name) and (home := homes.get(root_of(place))) is not None:
                    found.add(home)
        for name, value in names.items():
            made = ast.unparse(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else ""
            if made in classes or STATEFUL_CALLS.fullmatch(made):
                found.add(f"{module}.{name}")
    return found


def test_module_state_is_named_with_its_reason() -> None:
    trees = {name_of(path): read_tree(path) for path in modules()}
    assert find_module_state(trees) == set(MODULE_STATE)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("known = {}\ndef learn(a):\n    known[a] = 1", {"known"}),
        ("known: set[str] = set()\ndef learn(a):\n    known.add(a)", {"known"}),
        ("at = 0\ndef note():\n    global at\n    at += 1", {"at"}),
        ("class A:\n    pass\ndef note(b):\n    A.b = b", {"A"}),
        ("class A:\n    def note(self, b):\n        self.b = b\nTHE_A = A()", {"THE_A"}),
        ("class A:\n    def note(self, b):\n        self.b = b\nclass B(A):\n    pass\nTHE_B = B()", {"THE_B"}),
        ("lock = threading.Lock()", {"lock"}),
        ("@cache\ndef load():\n    return {}\ndef forget():\n    load.cache_clear()", {"load"}),
        ("WORDS = {'a': 1}\ndef find(a):\n    return WORDS.get(a)", set()),
        ("class A:\n    def __init__(self, b):\n        self.b = b\nTHE_A = A(1)", set()),
        ("known = []\ndef learn(a):\n    found = []\n    found.append(a)", set()),
    ],
)
def test_state_is_seen(code: str, expected: set[str]) -> None:
    assert find_module_state({"desktop": ast.parse(dedent(code))}) == {f"desktop.{name}" for name in expected}


def test_state_changed_from_another_module_is_seen() -> None:
    trees = {
        "desktop": ast.parse(""),
        "desktop.a": ast.parse("known = []"),
        "desktop.b": ast.parse("from desktop.a import known\ndef learn(a):\n    known.append(a)"),
    }
    assert find_module_state(trees) == {"desktop.a.known"}
