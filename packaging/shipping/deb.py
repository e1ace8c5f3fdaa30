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

from shipping import contents, environment, sizes, trim
from shipping.project import LINUX, NAME, OUT, ROOT, SUMMARY, VERSION, WORK, epoch, run

PYTHON = "/usr/bin/python3"
HOME = Path("opt/intone")
AUTHORS = "The Intone authors <maintainers@users.noreply.intone.invalid>"

ONLY_TO_MAKE = ("python3-venv",)
"""Packages of packaging/debian/app.txt needed to build the environment but not to run it."""

RECOMMENDED = ("wl-clipboard",)
"""Packages of the same file needed only in a Wayland session. apt installs them unless told otherwise."""

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


QUICKLY = ("-Zzstd", "-z6")
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


def make() -> list[Path]:
    """Build `intone_VERSION_ARCH.deb`; return it and the files beside it."""
    root = _clean("deb")
    home = root / HOME
    made = environment.make(WORK / "deb-environment", PYTHON, "app.txt")
    icons = root / "usr/share/icons/hicolor"
    python = WORK / "deb-environment" / "bin" / "python"
    run(python, "packaging/shipping/icons.py", LINUX / "intone.svg", icons, QT_QPA_PLATFORM="offscreen")

    site = home / made.relative_to(WORK / "deb-environment")
    shutil.copytree(made, site, symlinks=True)
    version = site.parent.name.removeprefix("python")
    owner, whole = sizes.owners(site), sizes.total(site)
    saved = trim.leave_out(site)
    found = contents.shipped(site)
    licences, bill = contents.licences(site, found), contents.bill(site, found, "app.txt")
    _as_environment(home, site, version)
    _compile(root, site)
    _desktop(root, icons)
    _documents(root, NAME, licences)

    depends = [f"python{version}", *(name for name in _listed() if name not in (*ONLY_TO_MAKE, *RECOMMENDED))]
    package = _build(root, NAME, depends, SUMMARY.split(":")[0], DESCRIPTION, recommends=RECOMMENDED)
    return [package, *_beside(package, bill, sizes.by_component(site, owner), whole, saved, trim.wholly())]


def make_extra(name: str) -> list[Path]:
    """Build `intone-NAME_VERSION_ARCH.deb`, which adds one of `EXTRAS`; return it and the files beside it."""
    extra, package = EXTRAS[name], f"{NAME}-{name}"
    root = _clean(f"deb-{name}")
    folder = WORK / f"deb-{name}-environment"
    made = environment.make(folder, PYTHON, extra.lock, app=False)
    site = root / HOME / made.relative_to(folder)
    site.mkdir(parents=True)
    for path in made.iterdir():
        if path.name.startswith(extra.owned):
            shutil.copytree(path, site / path.name)
    owner, whole = sizes.owners(site), sizes.total(site)
    saved = trim.leave_out(site)
    found = contents.shipped(site)
    licences, bill = contents.licences(site, found), contents.bill(site, found, extra.lock)
    _forget_making(site)
    _compile(root, site)
    _documents(root, package, licences)
    depends = [f"{NAME} (= {VERSION})", *extra.depends]
    made_package = _build(root, package, depends, extra.title, extra.description, section=extra.section, pack=QUICKLY)
    return [made_package, *_beside(made_package, bill, sizes.by_component(site, owner), whole, saved, [])]


def _clean(name: str) -> Path:
    root = WORK / name
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    OUT.mkdir(exist_ok=True)
    return root


def _as_environment(home: Path, site: Path, version: str) -> None:
    """Turn the folder into an environment on Debian's Python, without traces of the build folder."""
    (home / "pyvenv.cfg").write_text(f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {version}\n")
    (home / "bin").mkdir()
    (home / "bin" / "python").symlink_to(f"/usr/bin/python{version}")
    (home / "bin" / "python3").symlink_to("python")
    _forget_making(site)


def _forget_making(site: Path) -> None:
    for pattern in ("*.dist-info/RECORD", "*.dist-info/direct_url.json", "*.dist-info/uv_*", "_virtual*"):
        for told in site.glob(pattern):
            told.unlink()


def _compile(root: Path, site: Path) -> None:
    compiled = ("-m", "compileall", "-q", "-j2", "--invalidation-mode", "unchecked-hash", "-s", root, "-p", "/")
    run(PYTHON, *compiled, site, PYTHONDONTWRITEBYTECODE="")


def _desktop(root: Path, icons: Path) -> None:
    share = root / "usr/share"
    _put(LINUX / "intone.sh", root / "usr/bin/intone", 0o755)
    _put(LINUX / "intone.desktop", share / "applications/intone.desktop")
    _put(LINUX / "app.intone.Intone.metainfo.xml", share / "metainfo/app.intone.Intone.metainfo.xml")
    _put(LINUX / "intone.svg", icons / "scalable/apps/intone.svg")
    run("desktop-file-validate", LINUX / "intone.desktop")
    # There is no home page to name, the only thing that the check would require.
    lenient = ("--no-net", "--override=url-homepage-missing=info")
    run("appstreamcli", "validate", *lenient, share / "metainfo/app.intone.Intone.metainfo.xml")
    page = filled((LINUX / "intone.1").read_text(encoding="utf-8"))
    _zipped(share / "man/man1/intone.1.gz", page)


def _put(source: Path, target: Path, mode: int = 0o644) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(filled(source.read_text(encoding="utf-8")), encoding="utf-8")
    target.chmod(mode)


def filled(text: str) -> str:
    """Fill a template with this version and its date."""
    return text.replace("@VERSION@", VERSION).replace("@DATE@", f"{_date():%Y-%m-%d}")


def _date() -> datetime:
    return datetime.fromtimestamp(int(epoch()), UTC)


def _zipped(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _documents(root: Path, package: str, licences: str) -> None:
    folder = root / "usr/share/doc" / package
    folder.mkdir(parents=True)
    (folder / "copyright").write_text(licences, encoding="utf-8")
    _zipped(folder / "changelog.gz", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    entry = f"{package} ({VERSION}) stable; urgency=medium\n\n  * What changed is in changelog.gz.\n\n"
    _zipped(folder / "changelog.Debian.gz", f"{entry} -- {AUTHORS}  {format_datetime(_date())}\n")


def _listed() -> list[str]:
    """Return the packages of packaging/debian/app.txt."""
    lines = (ROOT / "packaging/debian/app.txt").read_text(encoding="utf-8").splitlines()
    return [name for line in lines for name in line.partition("#")[0].split()]


def _build(
    root: Path,
    name: str,
    depends: list[str],
    title: str,
    description: str,
    *,
    recommends: tuple[str, ...] = (),
    section: str = "sound",
    pack: tuple[str, ...] = ("-Zxz",),
) -> Path:
    """Write the control files and build the package, compressed by dpkg-deb's options `compression`."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            runs = path.stat().st_mode & 0o100 and path.suffix != ".py"
            path.chmod(0o755 if path.is_dir() or runs else 0o644)
    architecture = run("dpkg", "--print-architecture").strip()
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
        "Installed-Size": str(sizes.total(root) // 1024),
        "Depends": ", ".join(depends),
        "Recommends": ", ".join(recommends),
        "Section": section,
        "Priority": "optional",
        "Description": f"{title}\n{description}",
    }
    told = "".join(f"{key}: {value}\n" for key, value in fields.items() if value)
    (control / "control").write_text(told, encoding="utf-8")
    package = OUT / f"{name}_{VERSION}_{architecture}.deb"
    run("dpkg-deb", "--root-owner-group", *pack, "--build", root, package, SOURCE_DATE_EPOCH=epoch())
    return package


def _beside(
    package: Path,
    bill: dict[str, object],
    components: dict[str, int],
    whole: int,
    saved: dict[str, int],
    gone: list[str],
) -> list[Path]:
    """Write the package's contents and sizes to files beside it."""
    holds, sized = package.with_suffix(".cdx.json"), package.with_suffix(".sizes.json")
    holds.write_text(json.dumps(bill, indent=1) + "\n")
    figures = {
        "package_bytes": package.stat().st_size,
        "installed_bytes": sum(components.values()),
        "before_leaving_out_bytes": whole,
        "left_out_bytes": saved,
        "left_out_wholly": gone,
        "components_bytes": components,
    }
    sized.write_text(json.dumps(figures, indent=1) + "\n")
    return [holds, sized]
