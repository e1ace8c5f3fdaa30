"""Refuse packages that are not what their provenance says: only what one commit made, and nothing else, is published.

`shipping.reports` writes the statements that are read here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shipping.reports import hash_file

SUFFIX = ".provenance.json"

ANEW = "Commit what `git status` names, or take it away, and make these packages anew."


class ProvenanceError(Exception):
    """A package may not be published; the text says which and what to do."""


def require_one_commit(packages: Iterable[Path]) -> None:
    """Raise `ProvenanceError` unless the statement beside each package has its sha256, and all of them name one commit,
    no files that it lacks, and the usual compression."""
    statements = {package: _find_statement(package) for package in packages}
    problems = {
        "Not what the provenance beside them was written for": [
            package.name for package, found in statements.items() if found is None
        ],
        "Made of files that are in no commit": [
            package.name for package, found in statements.items() if found and _commit(found)["annotations"]["changed"]
        ],
        "Hardly packed (INTONE_PACK)": [
            package.name for package, found in statements.items() if found and "INTONE_PACK" in _parameters(found)
        ],
    }
    for problem, names in problems.items():
        if names:
            raise ProvenanceError(f"{problem}: {', '.join(sorted(names))}. {ANEW}")
    commits = {package: _commit(found)["digest"]["gitCommit"] for package, found in statements.items() if found}
    if len(set(commits.values())) > 1:
        told = "; ".join(f"{package.name} of {commit[:12]}" for package, commit in sorted(commits.items()))
        raise ProvenanceError(f"Made of several commits: {told}. Make all of them anew from one.")


def _find_statement(package: Path) -> dict[str, Any] | None:
    """Return the statement whose subject is the package, by name and sha256."""
    for page in sorted(package.parent.glob(f"*{SUFFIX}")):
        statement: dict[str, Any] = json.loads(page.read_text(encoding="utf-8"))
        for subject in statement["subject"]:
            if subject["name"] == package.name and subject["digest"]["sha256"] == hash_file(package):
                return statement
    return None


def _commit(statement: dict[str, Any]) -> dict[str, Any]:
    sources = statement["predicate"]["buildDefinition"]["resolvedDependencies"]
    return next(source for source in sources if "gitCommit" in source["digest"])


def _parameters(statement: dict[str, Any]) -> dict[str, str]:
    parameters: dict[str, str] = statement["predicate"]["buildDefinition"]["internalParameters"]
    return parameters
