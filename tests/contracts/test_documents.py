"""The documents name files and folders that exist, and say of the tree what the tools check."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from desktop.core.files import read_package_toml
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.languages.language import LANGUAGES as TABLE_LANGUAGES
from desktop.polish.rules.numbers.numbers import LANGUAGES
from desktop.polish.rules.pipeline import RULES
from desktop.vocabulary.vocabulary import Vocabulary
from tests.contracts.test_structure import modules
from tests.prove.__main__ import PROOFS

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")),
)
ARCHITECTURE = "docs/architecture.md"
ADR_FOLDER = ROOT / "docs/adr"
ADRS = sorted(path.name for path in ADR_FOLDER.glob("[0-9]*.md"))

_PATH = re.compile(r"(?<![\w./~-])(?:desktop|docs|lock|models|packaging|tests)/[\w/-]*(?:\.\w+)*")
"""A path from the repository's root; what comes before it makes it another's (`~/models/`, `https://host/models/`)."""
_LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)")
"""The target of a link, from the document's folder."""
_BARE_TEST = re.compile(r"(?<![\w/])(?:[a-z]\w*/)*test_\w+\.py")
_ADR = re.compile(r"docs/adr/(\d{4})")


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def named(text: str) -> set[str]:
    """The paths in the text that begin with a top folder of the repository, but for files to be made (`NAME`)."""
    return {path for path in _PATH.findall(text) if "NAME" not in path}


def linked(text: str) -> set[str]:
    """The files that the text links to, as it names them."""
    return set(_LINK.findall(text))


def short_names(text: str) -> set[str]:
    """The modules and folders that the text names from `desktop/` on: `stt/local/worker`, `ui/pill/`."""
    packages = "|".join(sorted(path.name for path in (ROOT / "desktop").iterdir() if path.is_dir()))
    return set(re.findall(rf"(?<![\w./-])(?:{packages})/[a-z_0-9]+(?:/[a-z_0-9]+)*", text))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_in_a_document_exist(document: str) -> None:
    text = read(document)
    paths = {ROOT / path for path in named(text)} | {(ROOT / document).parent / path for path in linked(text)}
    assert paths
    assert sorted(str(path) for path in paths if not path.exists()) == []


def placeholders(text: str) -> list[str]:
    """The words in capitals that have a line, or the place of a sentence, of their own: left to be filled in."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^[A-Z]{4,}[.:]?$", prose, flags=re.MULTILINE)


def test_placeholders_are_found_in_a_text() -> None:
    assert placeholders("So:\n\nSPEED\n\n```\nHOST\n```\nNOCARD.\nCPU\nA WORD\n") == ["SPEED", "NOCARD."]


def test_no_document_has_a_placeholder() -> None:
    files = [ROOT / document for document in DOCUMENTS]
    files += [ROOT / "CHANGELOG.md", *(ROOT / "packaging").rglob("*.md")]
    assert ROOT / "packaging/server/README.md" in files
    assert [(file.name, found) for file in files if (found := placeholders(file.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_test_files_in_a_document_have_their_full_path(document: str) -> None:
    found = _BARE_TEST.findall(read(document))
    assert [path for path in found if not path.startswith("tests/")] == []


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("see `tests/unit/test_a.py::test_b` (2).", {"tests/unit/test_a.py"}),
        ("in `models/` and `desktop/chat`.", {"models/", "desktop/chat"}),
        ("[it](packaging/a-b/c.tar.gz), `tests/unit/test_NAME.py`", {"packaging/a-b/c.tar.gz"}),
        ("~/models/base, https://host/models/base, app/models/base", set[str]()),
    ],
)
def test_paths_are_found_in_a_text(text: str, paths: set[str]) -> None:
    assert named(text) == paths


def test_links_are_found_in_a_text() -> None:
    assert linked("[a](b.md#c), [d](../e.py) and [f](https://host/g)") == {"b.md", "../e.py"}


# -- what make makes --------------------------------------------------------------------------------------------------

_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_MAKE = re.compile(r"\s*(?:[A-Z_]+=\S+\s+)*make\s+(.*)", re.DOTALL)
"""In what is code: `make TARGET`, also after variables."""


def made(text: str) -> set[str]:
    """The targets of make in the code that a text has; those to be filled in (`prove-NAME`) are not among them."""
    lines = [line for block in _FENCE.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    spans = re.findall(r"`([^`]+)`", _FENCE.sub("", text))
    found = set[str]()
    for code in (*lines, *spans):
        for command in re.split(r"&&|;", code.partition("#")[0]):
            if match := _MAKE.match(command):
                found |= {word for word in match[1].split() if re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]", word)}
    return found


def targets(makefile: str) -> set[str]:
    """The targets of a Makefile that have a rule, and with `prove-%` each proof."""
    heads = re.findall(r"^([\w.%/ -]+?) *&?:(?!=)", makefile, re.MULTILINE)
    named = {word for head in heads for word in head.split()} - {".PHONY"}
    return named | ({f"prove-{name}" for name in PROOFS} if "prove-%" in named else set())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_targets_of_make_in_a_document_exist(document: str) -> None:
    assert made(read(document)) - targets(read("Makefile")) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`make run`, `make\ndeb-cuda ARCH=arm64`, `ADDRESS=a make windows`", {"run", "deb-cuda", "windows"}),
        ("make rpm, `make prove-NAME`, `git make python3`", set[str]()),
        (
            "  ```\n  make deb rpm \\\n    KEY=a wheel  # make arch\n  apt install make deb\n  ```",
            {"deb", "rpm", "wheel"},
        ),
    ],
)
def test_targets_of_make_are_found_in_a_text(text: str, found: set[str]) -> None:
    assert made(text) == found


def test_targets_are_found_in_a_makefile() -> None:
    found = targets("A = b: c\n.PHONY: no\nd e: f\n\tg: h\ni := j\nprove-%: k\n")
    assert found == {"d", "e", "prove-%"} | {f"prove-{name}" for name in PROOFS}
    assert "prove-arm64" in targets("prove-%: a\n") - targets("b: c\n")


# -- the architecture -------------------------------------------------------------------------------------------------


def test_architecture_names_modules_that_exist() -> None:
    names = short_names(read(ARCHITECTURE))
    places = {name: ROOT / "desktop" / name for name in names}
    assert len(names) > 30
    assert (
        sorted(name for name, path in places.items() if not (path.is_dir() or path.with_suffix(".py").exists())) == []
    )


def test_architecture_has_the_layers_that_are_checked() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert "```\n" + "\n".join(layers) + "\n```" in read(ARCHITECTURE)


def test_architecture_has_a_line_for_each_package() -> None:
    packages = {path.name for path in (ROOT / "desktop").iterdir() if (path / "__init__.py").exists()}
    listed = set(re.findall(r"^\| `(\w+)` \|", read(ARCHITECTURE), re.MULTILINE))
    assert packages - listed == {"recognizers", "chat"}  # entry points of version 0.1
    assert listed <= packages


# -- the rules of polish ----------------------------------------------------------------------------------------------

CODES = {
    "English": "en",
    "Chinese": "zh",
    "Dutch": "nl",
    "French": "fr",
    "German": "de",
    "Italian": "it",
    "Portuguese": "pt",
    "Spanish": "es",
}
SAID = {
    ("own_words", "en"): "pie torch",
    ("spelling", "en"): "Kuchera, spell it K U C E R A",
    ("spelling", "zh"): "我叫 Kuchera，拼写 K U C E R A",
    ("repairs", "en"): "at two, no wait, three",
    ("repairs", "zh"): "明天三点，不对，四点开会",
    ("emoji", "en"): "well done thumbs up emoji",
    ("emoji", "zh"): "太好了，竖大拇指表情",
    ("repeats", "en"): "the the charger",
    ("repeats", "zh"): "我们我们明天去吧",
    ("repeats", "de"): "ich ich komme",
    ("repeats", "fr"): "je je viens",
    ("repeats", "es"): "por por la mañana",
    ("fillers", "en"): "um so",
    ("fillers", "zh"): "呃，我们走吧",
    ("fillers", "nl"): "uhm dus",
    ("fillers", "fr"): "euh bon",
    ("fillers", "de"): "ähm also",
    ("fillers", "it"): "ehm allora",
    ("fillers", "pt"): "hum então",
    ("fillers", "es"): "ehm bueno",
    ("spoken", "en"): "hello comma world",
    ("spoken", "zh"): "你好逗号世界",
    ("spoken", "fr"): "bonjour virgule monde",
    ("spoken", "de"): "hallo Komma Welt",
    ("spoken", "es"): "hola nueva línea adiós",
    ("numbers", "en"): "at three thirty p m",
    ("numbers", "zh"): "我要二十五个",
    ("numbers", "de"): "wir sind einundzwanzig Leute",
    ("numbers", "fr"): "nous sommes vingt et un ici",
    ("numbers", "es"): "somos treinta y dos aquí",
    ("lists", "en"): "number one milk number two eggs number three bread",
    ("lists", "zh"): "步骤如下。第一，开门。第二，关灯。第三，回家。",
}
"""What each rule changes in each language that the guide names for it."""


def guide_languages() -> dict[str, set[str] | None]:
    """The languages of each rule in the guide's table, as codes; None for any."""
    found = re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", read("docs/user-guide.md"), re.MULTILINE)
    cells = {rule: cell.partition(";")[0] for rule, cell in found if rule in RULES}
    return {rule: None if cell == "any" else {CODES[name] for name in cell.split(", ")} for rule, cell in cells.items()}


def test_guide_names_the_languages_of_each_rule() -> None:
    listed = guide_languages()
    assert list(listed) == list(RULES)
    known = {rule: {code for name, code in SAID if name == rule} or None for rule in RULES}
    assert listed == known
    assert listed["fillers"] == {*read_package_toml("desktop.polish.rules", "words.toml")["sounds"], "zh"}
    assert listed["spoken"] == set(read_package_toml("desktop.polish.rules", "spoken.toml")) | TABLE_LANGUAGES
    assert listed["numbers"] == LANGUAGES | TABLE_LANGUAGES


@pytest.mark.parametrize(("rule", "code"), list(SAID))
def test_rule_changes_words_in_the_languages_of_the_guide(rule: str, code: str) -> None:
    said = SAID[rule, code]
    context = RuleContext(code, vocabulary=Vocabulary(("PyTorch",)))
    assert apply_edits(said, RULES[rule](said, context))[0] != said


# -- the dependencies -------------------------------------------------------------------------------------------------


def test_dependencies_page_lists_each_direct_dependency() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    head, choice = read("docs/dependencies.md").split("## By choice")
    optional = [each for extra in project["optional-dependencies"].values() for each in extra]
    for part, dependencies in ((head, project["dependencies"]), (choice, optional)):
        rows = re.findall(r"^\| ([\w-]+) \| (.+) \| ([\d.]+) \| (.+) \|$", part, re.MULTILINE)
        assert [name for name, *_ in rows] == [Requirement(each).name for each in dependencies]


# -- the decisions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adr", ADRS)
def test_adr_is_short_and_says_context_decision_consequences(adr: str) -> None:
    lines = (ADR_FOLDER / adr).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {adr[:4]} ")
    assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]
    assert len(lines) <= 40


def test_adr_index_lists_each_with_its_title() -> None:
    titles = {adr: (ADR_FOLDER / adr).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")[5:] for adr in ADRS}
    listed = re.findall(r"^\| \[\d{4}\]\((\S+)\) \| (.+) \|$", read("docs/adr/README.md"), re.MULTILINE)
    assert listed == list(titles.items())


def test_adrs_are_numbered_without_a_gap() -> None:
    assert [int(adr[:4]) for adr in ADRS] == list(range(1, len(ADRS) + 1))


def test_adrs_that_the_code_names_exist() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {number}": number
        for path in modules()
        for number in _ADR.findall(path.read_text(encoding="utf-8"))
    }
    assert found
    assert [place for place, number in found.items() if not any(adr.startswith(number) for adr in ADRS)] == []
