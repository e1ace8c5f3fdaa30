"""Build the AppImage: the one-dir bundle in one file that runs where it lies, without an installation.

The file is `packaging/appimage`, linked here against Debian's squashfuse and libfuse3 without shared
libraries, and behind it the bundle as a SquashFS image (docs/adr/0034-appimage-runtime.md). What the bundle leaves to
the system is the system's here too.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

from shipping import bundle, contents, needs, packages, reports, sizes
from shipping.project import LINUX, NAME, OUT, ROOT, VERSION, WORK, fill_template, run_program, source_date_epoch

APP_ID = "app.intone.Intone"

RUNTIME = tuple(ROOT / "packaging" / "appimage" / name for name in ("runtime.c", "copy.c"))

MAGIC_OFFSET, MAGIC = 8, b"AI\x02"
"""What marks an AppImage of type 2, in bytes of the ELF header that the kernel does not read."""

IMAGE_OPTIONS = ("-comp", "zstd", "-Xcompression-level", "15", "-b", "256K", "-all-root", "-no-xattrs", "-noappend")

INCLUDES = ("-I/usr/include/squashfuse", "-I/usr/include/fuse3")
LIBRARIES = ("-lsquashfuse_ll", "-lsquashfuse", "-lfuse3", "-lzstd", "-lpthread")
OTHER_DECOMPRESSORS = ("lzo1x_decompress_safe", "LZ4_decompress_safe", "lzma_stream_buffer_decode", "uncompress")
"""What squashfuse calls for compressions that `IMAGE_OPTIONS` does not name: not linked, since LZO is under the GPL."""

LINKED_PACKAGES = ("libsquashfuse-dev", "libfuse3-dev", "libzstd-dev", "libc6-dev")
"""The Debian packages whose code is in the runtime."""

TOOLS = ("gcc", "squashfs-tools")
"""The Debian packages that make the file, beside those of every build."""


def make_appimage() -> list[Path]:
    """Build `intone-VERSION-ARCH.AppImage` from the folder that `make bundle` left; return it and the files beside
    it. Raises where there is none."""
    if not (bundle.FOLDER / NAME).exists():
        raise FileNotFoundError(f"{bundle.FOLDER} is not made: make bundle")
    OUT.mkdir(exist_ok=True)
    folder = WORK / "appimage"
    shutil.rmtree(folder, ignore_errors=True)
    app_dir = folder / "AppDir"
    lay_out_app_dir(bundle.FOLDER, app_dir)
    architecture = run_program("uname", "-m").strip()
    package = pack(app_dir, OUT / f"{NAME}-{VERSION}-{architecture}.AppImage", NAME, folder)
    return [package, *_write_reports(package, app_dir, OUT / f"{NAME}-{VERSION}-linux-{architecture}.cdx.json")]


def lay_out_app_dir(source: Path, app_dir: Path) -> None:
    """Lay out what the image holds: the bundle under `opt`, and what desktops read of an AppImage at its top."""
    home = app_dir / "opt" / NAME
    shutil.copytree(source, home, symlinks=True, copy_function=os.link)
    licences = home / "LICENCES.txt"
    texts = [licences.read_text(encoding="utf-8"), *map(contents.read_debian_licence, LINKED_PACKAGES)]
    licences.unlink()  # a link to that of the bundle
    licences.write_text("\n\n".join(texts), encoding="utf-8")
    share = app_dir / "usr" / "share"
    entry, icon = f"{APP_ID}.desktop", f"{NAME}.svg"
    for template, target in (
        (LINUX / entry, share / "applications" / entry),
        (LINUX / icon, share / "icons/hicolor/scalable/apps" / icon),
        (LINUX / f"{APP_ID}.metainfo.xml", share / "metainfo" / f"{APP_ID}.appdata.xml"),
    ):
        target.parent.mkdir(parents=True)
        target.write_text(fill_template(template.read_text(encoding="utf-8")), encoding="utf-8")
    for folder in ("man", "bash-completion", "zsh", "fish"):
        shutil.copytree(home / "share" / folder, share / folder, copy_function=os.link)
    for name, place in (
        (entry, f"usr/share/applications/{entry}"),
        (icon, f"usr/share/icons/hicolor/scalable/apps/{icon}"),
        (".DirIcon", icon),
        ("AppRun", f"opt/{NAME}/{NAME}"),
    ):
        (app_dir / name).symlink_to(place)
    packages.settle_tree(app_dir)  # and with it the bundle's files, as every package does


def pack(app_dir: Path, package: Path, name: str, folder: Path) -> Path:
    """Write a folder with an `AppRun` as one program, with its parts in `folder`; return its path.

    `name` goes into messages, and into the names of what the program mounts or unpacks.
    """
    image = folder / "image.squashfs"
    options = (*IMAGE_OPTIONS, "-quiet", "-no-progress")
    run_program("mksquashfs", app_dir, image, *options, SOURCE_DATE_EPOCH=source_date_epoch())
    return put_runtime_before(image, package, name, folder)


def put_runtime_before(image: Path, package: Path, name: str, folder: Path) -> Path:
    """Link the runtime for an image, in `folder`, and write both as one program; return its path."""
    runtime = folder / "runtime"
    with image.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()[:16]
    defined = (f'-DIMAGE_NAME="{name}"', f'-DIMAGE_ID="{digest}"', "-D_GNU_SOURCE", "-DFUSE_USE_VERSION=32")
    unused = [f"-Wl,--defsym={symbol}=0" for symbol in OTHER_DECOMPRESSORS]
    command = ("gcc", "-std=gnu11", "-Os", "-Wall", "-Wextra", "-Werror", "-static", "-s", *defined, *INCLUDES)
    run_program(*command, *RUNTIME, "-o", runtime, *LIBRARIES, *unused, "-Wl,--no-warnings")
    head = bytearray(runtime.read_bytes())
    head[MAGIC_OFFSET : MAGIC_OFFSET + len(MAGIC)] = MAGIC
    making = package.with_name(f"{package.name}.making")
    with making.open("wb") as target, image.open("rb") as source:
        target.write(head)
        shutil.copyfileobj(source, target, 1 << 20)
    making.chmod(0o755)
    return making.rename(package)


def _write_reports(package: Path, app_dir: Path, bill_of_bundle: Path) -> list[Path]:
    bill = json.loads(bill_of_bundle.read_text(encoding="utf-8"))
    for name in LINKED_PACKAGES:
        version = run_program("dpkg-query", "--show", "--showformat", "${Version}", name)
        bill["components"].append(contents.build_debian_component(name, version))
    figures = {"installed_bytes": sizes.total_bytes(app_dir), **needs.describe(needs.read_needs(app_dir))}
    return reports.write_reports(package, "make appimage", bill, figures, *bundle.LOCKS, tools=read_tools())


def read_tools() -> dict[str, str]:
    """Return the versions of the Debian packages that make the file, by name."""
    compiler = f"gcc-{run_program('gcc', '-dumpversion').strip()}"
    return reports.read_debian_tools(*TOOLS, compiler)
