"""The next version of a package: the same files under another number, and modules that no older process can import.

Each module of ours asserts that the process is of its own version. In a bundle they lie at other offsets of the program
as well, and zeros where they were. So a text that arrives from an app whose files were replaced is the work of that app
alone: whatever it takes from the files of the new version ends its dictation.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import shutil
import struct
import subprocess
import sys
import zlib
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType

from tests.prove.record import ROOT

sys.path.append(str(ROOT / "packaging"))
from shipping import appimage, packages

CHECK = "import desktop as _app\nassert _app.__version__ == '{new}', 'a module of version {new}'\n"

COOKIE, MAGIC = struct.Struct("!8sIIII64s"), b"MEI\014\013\012\013\016"
"""The end of the archive in a program of PyInstaller: mark, bytes of the archive, offset and bytes of its contents."""

ENTRY = struct.Struct("!IIIIBc")
"""One of the contents: its own bytes, offset, bytes, bytes unpacked, whether it is packed, kind (`z`: the modules)."""


def next_number(old: str) -> str:
    """Return the version after `old`."""
    first, _, last = old.rpartition(".")
    return f"{first}.{int(last) + 1}"


def mark_sources(package: Path, old: str, new: str) -> None:
    """Make our modules in the folder `package` those of the version `new`."""
    for module in package.rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        module.write_text(f"{text}\n{CHECK.format(new=new)}", encoding="utf-8")
    module = package / "__init__.py"
    module.write_text(module.read_text(encoding="utf-8").replace(f'"{old}"', f'"{new}"'), encoding="utf-8")


def mark_program(program: Path, old: str, new: str) -> None:
    """Make our modules in a program of PyInstaller those of the version `new`, and put it in the place of the old."""
    content = program.read_bytes()
    end = content.rindex(MAGIC)
    magic, length, contents_at, contents_length, *python = COOKIE.unpack_from(content, end)
    start = end + COOKIE.size - length
    archive = bytearray(content[start : start + contents_at])
    contents = bytearray(content[start + contents_at : start + contents_at + contents_length])
    at = 0
    while at < len(contents):
        size, offset, count, _, packed, kind = ENTRY.unpack_from(contents, at)
        if kind == b"z":
            modules = mark_modules(bytes(archive[offset : offset + count]), old, new)
            archive[offset : offset + count] = bytes(count)
            ENTRY.pack_into(contents, at, size, len(archive), len(modules), len(modules), packed, kind)
            archive += modules
        at += size
    length = len(archive) + len(contents) + COOKIE.size
    cookie = COOKIE.pack(magic, length, len(archive), len(contents), *python)
    making = program.with_name("making")
    making.write_bytes(content[:start] + archive + contents + cookie)
    making.chmod(0o755)
    making.rename(program)


def mark_modules(archive: bytes, old: str, new: str) -> bytes:
    """Return an archive of modules of PyInstaller with ours as `mark_sources` has them."""
    assert archive[4:8] == MAGIC_NUMBER, "the bundle has another Python than this one"
    (contents_at,) = struct.unpack_from("!i", archive, 8)
    contents = dict(marshal.loads(archive[contents_at:]))  # noqa: S302 (of our own package)
    marked = bytearray(archive[:contents_at])
    for name, (kind, at, size) in contents.items():
        if name.partition(".")[0] == "desktop" and size:
            code = marshal.loads(zlib.decompress(archive[at : at + size]))  # noqa: S302
            packed = zlib.compress(marshal.dumps(_mark_code(name, code, old, new)), 1)
            contents[name] = (kind, len(marked), len(packed))
            marked += packed
    struct.pack_into("!i", marked, 8, len(marked))
    return bytes(marked + marshal.dumps(list(contents.items())))


def _mark_code(name: str, code: CodeType, old: str, new: str) -> CodeType:
    if name == "desktop":
        return code.replace(co_consts=tuple(new if value == old else value for value in code.co_consts))
    marked = compile(f"{CHECK.format(new=new)}exec('code')", code.co_filename, "exec")
    return marked.replace(co_consts=tuple(code if value == "code" else value for value in marked.co_consts))


def make_deb(package: Path, folder: Path, old: str, new: str) -> Path:
    """Make the Debian package of the version `new` in `folder`."""
    root = folder / "root"
    folder.mkdir(parents=True)
    subprocess.run(["dpkg-deb", "-R", package, root], check=True)
    control = root / "DEBIAN/control"
    control.write_text(control.read_text().replace(f"Version: {old}\n", f"Version: {new}\n"))
    (site,) = root.glob("opt/intone/lib/python3*/site-packages")
    info = (site / f"intone-{old}.dist-info").rename(site / f"intone-{new}.dist-info")
    (info / "METADATA").write_text((info / "METADATA").read_text().replace(f"Version: {old}\n", f"Version: {new}\n", 1))
    ours = site / "desktop"
    mark_sources(ours, old, new)
    compiling = ["-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash", "-s", root, "-p", "/", ours]
    subprocess.run(["/usr/bin/python3", *compiling], check=True)
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    own = [path for path in files if path.relative_to(root).parts[0] != "DEBIAN"]
    sums = "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(root)}\n"
        for path in own
    )
    (root / "DEBIAN/md5sums").write_text(sums)
    target = folder / package.name.replace(f"_{old}_", f"_{new}_")
    build = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z3", "--build", root, target]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)  # which has the JSON alone
    shutil.rmtree(root)
    return target


def make_native(form: str, installed: Path, folder: Path, old: str, new: str) -> Path:
    """Make the package in nfpm's format `form` of the version `new` in `folder`, of what the old one has `installed`
    below that root. It depends on nothing, as it is installed here."""
    tree = folder / "tree"
    for place in ("opt/intone", "usr/bin/intone"):
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-al", installed / place, tree / place], check=True)
    mark_program(tree / "opt/intone/intone", old, new)
    settings = packages.define(tree, "intone", form, "amd64", [])
    settings |= {"version": new, "depends": [], "recommends": []}
    settings["rpm"] = {**settings.get("rpm", {}), "compression": "gzip:1"}
    definition = folder / "nfpm.yaml"  # JSON is YAML
    definition.write_text(json.dumps(settings))
    made = folder / "made"
    made.mkdir()
    command = [packages.NFPM, "package", "--config", definition, "--packager", form, "--target", made]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return next(made.iterdir())


def make_archive(installed: Path, archive: Path, old: str, new: str) -> Path:
    """Make the `archive` of the folder `installed` in the version `new`."""
    tree = archive.parent / "tree"
    tree.mkdir(parents=True)
    subprocess.run(["cp", "-al", installed, tree / installed.name], check=True)
    mark_program(tree / installed.name / "intone", old, new)
    environ = {**os.environ, "XZ_OPT": "-0 -T2"}
    subprocess.run(["tar", "-C", tree, "-cJf", archive, installed.name], check=True, env=environ)
    shutil.rmtree(tree)
    return archive


def make_appimage(image: Path, package: Path, old: str, new: str) -> Path:
    """Make the `package` of the version `new` of the AppImage `image`."""
    folder = package.parent
    tree, packed = folder / "tree", folder / "image.squashfs"
    folder.mkdir(parents=True)
    offset = subprocess.run([image, "--appimage-offset"], capture_output=True, text=True, check=True).stdout.strip()
    unpack = ["unsquashfs", "-quiet", "-no-progress", "-offset", offset, "-dest", tree, image]
    subprocess.run(unpack, check=True, stdout=subprocess.DEVNULL)
    mark_program(tree / "opt/intone/intone", old, new)
    options = ["-comp", "zstd", "-Xcompression-level", "1", "-all-root", "-noappend", "-quiet", "-no-progress"]
    subprocess.run(["mksquashfs", tree, packed, *options], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return appimage.put_runtime_before(packed, package, "intone", folder)
