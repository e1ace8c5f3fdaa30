"""Names of a project: what is read of its folder, and which spelling is meant by spoken words."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from desktop.core.types import ProjectNames
from desktop.vocabulary import project_files, project_names
from desktop.vocabulary.project_files import is_ignored, parse_ignored, read_plain_file
from desktop.vocabulary.project_names import ReadFiles, find_files, find_identifiers, read_project, split_name
from tests.support.other_systems import LINKS, only_on_linux


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names_of(folder: Path) -> ProjectNames:
    return read_project(folder, ReadFiles())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("get_user_name", ("get", "user", "name")),
        ("getUserName", ("get", "user", "name")),
        ("HTTPClient", ("http", "client")),
        ("MAX_RETRIES", ("max", "retries")),
        ("_private_name2", ("private", "name", "2")),
        ("test-parser", ("test", "parser")),
        ("___", ()),
    ],
)
def test_name_is_split_into_its_words(name: str, words: tuple[str, ...]) -> None:
    assert split_name(name) == words


def test_identifier_is_known_where_one_spelling_is_sure() -> None:
    files = [Counter({"get_user": 3, "maxWidth": 2, "max_width": 2}), Counter({"getUser": 1, "open_all": 1})]
    assert find_identifiers(files) == {("get", "user"): "get_user", ("open", "all"): "open_all"}


def test_counting_ends_in_time() -> None:
    assert find_identifiers([Counter({"get_user": 3})], deadline=0.0) == {}


def test_file_is_known_by_its_words_and_ending() -> None:
    unsafe = ("main;\n. *;\n.py", "run `x`.sh", "größe_util.sh", "a$b.ts", "-rf x.py", "a.p;y")
    assert find_files(
        ["userService.ts", "README.md", "user_service.py", "Main.py", "main.py", "Makefile", *unsafe]
    ) == {
        ("user", "service", "ts"): "userService",
        ("readme", "md"): "README",
        ("user", "service", "py"): "user_service",
    }


def test_names_are_read_from_sources_that_belong_to_the_project(tmp_path: Path) -> None:
    only_on_linux(LINKS)
    write(
        tmp_path,
        src__app_dot_py="def load_config(): plain",
        src__data_dot_csv="not_a_source",
        node_modules__x_dot_js="let madeByOthers",
        secret__x_dot_py="hidden_by_ignore",
        src__old_dot_py="ignored_old_file",
    )
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden/x.py").write_text("hidden_folder_name")
    (tmp_path / ".gitignore").write_text("# made\n/secret/\nold.*\n!keep\n")
    outside = tmp_path.parent / f"{tmp_path.name}-outside.py"
    outside.write_text("name_of_elsewhere")
    (tmp_path / "link.py").symlink_to(outside)
    names = names_of(tmp_path)
    assert set(names.identifiers.values()) == {"load_config"}
    assert set(names.files) == {("app", "py"), ("data", "csv")}


def test_large_files_and_folders_of_data_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, a_dot_py="small_file", b_dot_py="x" * project_names.MAX_FILE_BYTES + " large_file")
    for number in range(project_files.MAX_FOLDER_ENTRIES + 1):
        write(tmp_path, **{f"data__{number}_dot_py": "data_name"})
    assert set(names_of(tmp_path).identifiers.values()) == {"small_file"}


def test_changed_file_is_read_again_and_no_other(tmp_path: Path) -> None:
    write(tmp_path, a_dot_py="first_name", b_dot_py="other_name")
    known = ReadFiles()
    read_project(tmp_path, known)
    known.identifiers = {path: (time, Counter({"kept_in_memory": 1})) for path, (time, _) in known.identifiers.items()}
    write(tmp_path, a_dot_py="second_name", c_dot_py="third_name")
    (tmp_path / "a.py").touch()
    known.identifiers[str(tmp_path / "a.py")] = 0, Counter()
    assert set(read_project(tmp_path, known).identifiers.values()) == {"second_name", "third_name", "kept_in_memory"}
    (tmp_path / "b.py").unlink()
    assert set(read_project(tmp_path, known).identifiers.values()) == {"second_name", "third_name"}


def test_folder_that_has_gone_has_no_names(tmp_path: Path) -> None:
    assert names_of(tmp_path / "gone") == ProjectNames()


def test_part_of_a_word_is_no_identifier(tmp_path: Path) -> None:
    write(tmp_path, a_dot_py='größe_max = "\\nuser_name" + load_all')
    assert set(names_of(tmp_path).identifiers.values()) == {"load_all"}


def test_names_are_found_once_while_no_file_changes(tmp_path: Path) -> None:
    write(tmp_path, a_dot_py="first_name")
    known = ReadFiles()
    names = read_project(tmp_path, known)
    assert read_project(tmp_path, known) is names
    write(tmp_path, b_dot_py="second_name")
    assert set(read_project(tmp_path, known).identifiers.values()) == {"first_name", "second_name"}


def test_pipes_and_links_are_not_opened(tmp_path: Path) -> None:
    only_on_linux(LINKS)
    write(tmp_path, a_dot_py="good_name", secret__b_dot_py="other_name", c_dot_py="more_names")
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "secret/.gitignore")
    (tmp_path / ".gitignore").symlink_to("/dev/zero")
    assert set(names_of(tmp_path).identifiers.values()) == {"good_name", "other_name", "more_names"}
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    for name in ("pipe.py", "link.py"):
        with pytest.raises(OSError):
            read_plain_file(tmp_path / name, 10)
    assert read_plain_file(tmp_path / "a.py", 4) == "good"


def test_folder_with_a_long_list_of_ignored_names_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, a_dot_py="good_name", b__a_dot_py="other_name")
    (tmp_path / "b/.gitignore").write_text("x" * (project_files.MAX_IGNORE_BYTES + 1))
    assert set(names_of(tmp_path).identifiers.values()) == {"good_name"}


@pytest.mark.parametrize(
    ("line", "path", "ignores"),
    [
        ("*.tmp", "a/b.tmp", True),
        ("/keys/private.py", "keys/private.py", True),
        ("/keys/private.py", "a/keys/private.py", False),
        ("keys/private.py", "a/keys/private.py", False),
        ("/keys/", "keys", True),
        ("/keys/", "a/keys", False),
        ("**/cfg/sec.py", "a/cfg/sec.py", True),
        ("**/cfg/sec.py", "cfg/sec.py", True),
        ("doc/**/z.py", "doc/z.py", True),
        ("doc/**/z.py", "doc/a/b/z.py", True),
        ("doc/**/z.py", "doc/a/b/y.py", False),
        ("doc/**", "doc/a", True),
        ("doc/*", "doc/a/b", False),
        ("# z.py", "z.py", False),
        ("!z.py", "z.py", False),
        ("\\!z.py", "!z.py", True),
        ("**/**/a/**/**/b/**/**/c", "a/" * 60 + "d", False),
    ],
)
def test_ignored_names_are_read_as_git_reads_them(line: str, path: str, ignores: bool) -> None:
    for base in ((), ("pkg", "web")):
        assert is_ignored((*base, *path.split("/")), [parse_ignored(line, base)]) is ignores
