"""Build the Debian package: the app's environment under /opt/intone on Debian's Python, and its desktop files.

The environment is not a copy of a virtual environment but has its shape: `pyvenv.cfg`, two links to Debian's Python and
the packages. So no script names the build folder. Bytecode is compiled beforehand, with its final paths and without
dates: nothing is written under /opt/intone later, and removing the package leaves nothing.

No model is included, since which one fits is only known on the machine. What few users need is a separate package that
adds to the same environment and leaves no trace when removed: CUDA, 0.7 GB that serve only NVIDIA cards, and llama.cpp.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from shipping import contents, environment, releases, sizes, trim
from shipping.project import LINUX, NAME, OUT, ROOT, SUMMARY, VERSION, WORK, run_program, source_date_epoch

PYTHON = "/usr/bin/python3"
HOME = Path("opt/intone")
AUTHORS = "The Intone authors <maintainers@users.noreply.intone.invalid>"

BUILD_ONLY = ("python3-venv",)
"""Packages of packaging/debian/app.txt needed to build the environment but not to run it."""

RECOMMENDED = ("wl-clipboard", "libvulkan1")
"""Packages of the same file needed only in a Wayland session, or by a model on a graphics card. apt installs them
unless told otherwise."""

SCRIPTS = tuple(ROOT / f"packaging/debian/{NAME}.{when}" for when in ("preinst", "postrm"))
"""What dpkg runs before it unpacks the package, and after it removed it."""

DESCRIPTION = """\
 Hold a key anywhere, speak, let go: the text is in the window you were in.
 Speech is recognized on this machine, and nothing leaves it unless you
 choose a service that works elsewhere.
 .
 A speech model (145 MB and more) is fetched at the first start."""


@dataclass(frozen=True)
class Extra:
    """A package beside the app's, from its own lock; `owned` are the prefixes of its files' names."""

    lock: str
    owned: tuple[str, ...]
    title: str
    description: str
    section: str = "sound"
    depends: tuple[str, ...] = ()


FAST_COMPRESSION = ("-Zzstd", "-z6")
"""Compression of extras: they are large, and xz would take many minutes."""

EXTRAS = {
    "cuda": Extra(
        "cuda.txt",
        ("nvidia",),
        "Intone on NVIDIA cards",
        " The libraries by which Intone recognizes speech on an NVIDIA card. They are\n"
        " NVIDIA's, under its own licence.",
        section="contrib/sound",
    ),
    "local-llm": Extra(
        "local-llm.txt",
        ("xllamacpp",),
        "Intone's language model on this machine",
        " What runs a language model that polishes dictations on this machine\n (llama.cpp). The models are fetched"
        " by the app.",
        depends=("libgomp1", "libstdc++6"),
    ),
}


def make_deb() -> list[Path]:
    """Build `intone_VERSION_ARCH.deb`; return it and the files beside it."""
    root = _create_root("deb")
    home = root / HOME
    site_packages = environment.create_environment(WORK / "deb-environment", PYTHON, "app.txt")
    icons = root / "usr/share/icons/hicolor"
    python = WORK / "deb-environment" / "bin" / "python"
    run_program(python, "packaging/shipping/icons.py", LINUX / "intone.svg", icons, QT_QPA_PLATFORM="offscreen")

    site = home / site_packages.relative_to(WORK / "deb-environment")
    shutil.copytree(site_packages, site, symlinks=True)
    environment.add_packages(WORK / "deb-environment", "package.txt")  # shtab, which is not shipped
    run_program(python, "packaging/shipping/completions.py", root / "usr/share")
    version = site.parent.name.removeprefix("python")
    owner, total_bytes = sizes.find_owners(site), sizes.total_bytes(site)
    saved = trim.remove_unneeded(site)
    found = contents.list_distributions(site)
    licences, bill = contents.build_licence_text(site, found), contents.build_bill(site, found, "app.txt")
    _make_environment(home, site, version)
    _compile(root, site)
    _install_desktop_files(root, icons)
    _install_documents(root, NAME, licences)

    depends = [f"python{version}", *(name for name in _read_dependencies() if name not in (*BUILD_ONLY, *RECOMMENDED))]
    package = _build_package(
        root, NAME, depends, SUMMARY.split(":")[0], DESCRIPTION, recommends=RECOMMENDED, scripts=SCRIPTS
    )
    return [
        package,
        *_write_reports(package, bill, sizes.sum_by_component(site, owner), total_bytes, saved, trim.list_removed()),
    ]


def make_extra(name: str) -> list[Path]:
    """Build `intone-NAME_VERSION_ARCH.deb`, which adds one of `EXTRAS`; return it and the files beside it."""
    extra, package = EXTRAS[name], f"{NAME}-{name}"
    root = _create_root(f"deb-{name}")
    folder = WORK / f"deb-{name}-environment"
    site_packages = environment.create_environment(folder, PYTHON, extra.lock, app=False)
    site = root / HOME / site_packages.relative_to(folder)
    site.mkdir(parents=True)
    for path in site_packages.iterdir():
        if path.name.startswith(extra.owned):
            shutil.copytree(path, site / path.name)
    owner, total_bytes = sizes.find_owners(site), sizes.total_bytes(site)
    saved = trim.remove_unneeded(site)
    found = contents.list_distributions(site)
    licences, bill = contents.build_licence_text(site, found), contents.build_bill(site, found, extra.lock)
    _remove_build_traces(site)
    _compile(root, site)
    _install_documents(root, package, licences)
    depends = [f"{NAME} (= {VERSION})", *extra.depends]
    made_package = _build_package(
        root, package, depends, extra.title, extra.description, section=extra.section, compression=FAST_COMPRESSION
    )
    return [
        made_package,
        *_write_reports(made_package, bill, sizes.sum_by_component(site, owner), total_bytes, saved, []),
    ]


def _create_root(name: str) -> Path:
    root = WORK / name
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    OUT.mkdir(exist_ok=True)
    return root


def _make_environment(home: Path, site: Path, version: str) -> None:
    """Turn the folder into an environment on Debian's Python, without traces of the build folder."""
    (home / "pyvenv.cfg").write_text(f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {version}\n")
    (home / "bin").mkdir()
    (home / "bin" / "python").symlink_to(f"/usr/bin/python{version}")
    (home / "bin" / "python3").symlink_to("python")
    _remove_build_traces(site)


def _remove_build_traces(site: Path) -> None:
    for pattern in ("*.dist-info/RECORD", "*.dist-info/direct_url.json", "*.dist-info/uv_*", "_virtual*"):
        for path in site.glob(pattern):
            path.unlink()


def _compile(root: Path, site: Path) -> None:
    arguments = ("-m", "compileall", "-q", "-j2", "--invalidation-mode", "unchecked-hash", "-s", root, "-p", "/")
    run_program(PYTHON, *arguments, site, PYTHONDONTWRITEBYTECODE="")


def _install_desktop_files(root: Path, icons: Path) -> None:
    share = root / "usr/share"
    _install_file(LINUX / "intone.sh", root / "usr/bin/intone", 0o755)
    _install_file(LINUX / "app.intone.Intone.desktop", share / "applications/app.intone.Intone.desktop")
    _install_file(LINUX / "app.intone.Intone.metainfo.xml", share / "metainfo/app.intone.Intone.metainfo.xml")
    _install_file(LINUX / "intone.svg", icons / "scalable/apps/intone.svg")
    run_program("desktop-file-validate", LINUX / "app.intone.Intone.desktop")
    # There is no home page to name, the only thing that the check would require.
    lenient = ("--no-net", "--override=url-homepage-missing=info")
    run_program("appstreamcli", "validate", *lenient, share / "metainfo/app.intone.Intone.metainfo.xml")
    page = fill_template((LINUX / "intone.1").read_text(encoding="utf-8"))
    _write_gzip(share / "man/man1/intone.1.gz", page)


def _install_file(source: Path, target: Path, mode: int = 0o644) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(fill_template(source.read_text(encoding="utf-8")), encoding="utf-8")
    target.chmod(mode)


def fill_template(text: str) -> str:
    """Fill a template with this version, its date, and the releases up to it."""
    changelog, date = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), f"{_date():%Y-%m-%d}"
    text = text.replace("@RELEASES@", releases.format_releases(changelog, VERSION, date))
    return text.replace("@VERSION@", VERSION).replace("@DATE@", date)


def _date() -> datetime:
    return datetime.fromtimestamp(int(source_date_epoch()), UTC)


def _write_gzip(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _install_documents(root: Path, package: str, licences: str) -> None:
    folder = root / "usr/share/doc" / package
    folder.mkdir(parents=True)
    (folder / "copyright").write_text(licences, encoding="utf-8")
    _write_gzip(folder / "changelog.gz", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    entry = f"{package} ({VERSION}) stable; urgency=medium\n\n  * What changed is in changelog.gz.\n\n"
    _write_gzip(folder / "changelog.Debian.gz", f"{entry} -- {AUTHORS}  {format_datetime(_date())}\n")


def _read_dependencies() -> list[str]:
    """Return the packages of packaging/debian/app.txt."""
    lines = (ROOT / "packaging/debian/app.txt").read_text(encoding="utf-8").splitlines()
    return [name for line in lines for name in line.partition("#")[0].split()]


def _build_package(
    root: Path,
    name: str,
    depends: list[str],
    title: str,
    description: str,
    *,
    recommends: tuple[str, ...] = (),
    section: str = "sound",
    compression: tuple[str, ...] = ("-Zxz",),
    scripts: tuple[Path, ...] = (),
) -> Path:
    """Write the control files and build the package, compressed by dpkg-deb's options `compression`."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            runs = path.stat().st_mode & 0o100 and path.suffix != ".py"
            path.chmod(0o755 if path.is_dir() or runs else 0o644)
    architecture = run_program("dpkg", "--print-architecture").strip()
    control = root / "DEBIAN"
    control.mkdir()
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    sums = [f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n" for path in files]
    (control / "md5sums").write_text("".join(sums))
    fields = {
        "Package": name,
        "Version": VERSION,
        "Architecture": architecture,
        "Maintainer": AUTHORS,
        "Installed-Size": str(sizes.total_bytes(root) // 1024),
        "Depends": ", ".join(depends),
        "Recommends": ", ".join(recommends),
        "Section": section,
        "Priority": "optional",
        "Description": f"{title}\n{description}",
    }
    text = "".join(f"{key}: {value}\n" for key, value in fields.items() if value)
    (control / "control").write_text(text, encoding="utf-8")
    for script in scripts:
        shutil.copyfile(script, control / script.suffix[1:])
        (control / script.suffix[1:]).chmod(0o755)
    package = OUT / f"{name}_{VERSION}_{architecture}.deb"
    run_program(
        "dpkg-deb", "--root-owner-group", *compression, "--build", root, package, SOURCE_DATE_EPOCH=source_date_epoch()
    )
    return package


def _write_reports(
    package: Path,
    bill: dict[str, object],
    components: dict[str, int],
    total_bytes: int,
    saved: dict[str, int],
    removed: list[str],
) -> list[Path]:
    """Write the package's contents and sizes to files beside it."""
    bill_path, sizes_path = package.with_suffix(".cdx.json"), package.with_suffix(".sizes.json")
    bill_path.write_text(json.dumps(bill, indent=1) + "\n")
    figures = {
        "package_bytes": package.stat().st_size,
        "installed_bytes": sum(components.values()),
        "before_leaving_out_bytes": total_bytes,
        "left_out_bytes": saved,
        "left_out_wholly": removed,
        "components_bytes": components,
    }
    sizes_path.write_text(json.dumps(figures, indent=1) + "\n")
    return [bill_path, sizes_path]
