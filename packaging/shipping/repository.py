"""Make what a maintainer uploads of the packages in `dist/`: an apt repository, the other packages, `latest.json`.

    python -m shipping.repository --key OPENPGP-KEY --minisign-key FILE --url https://…   (`make repository`)
    python -m shipping.repository --test-keys FOLDER                                      (`make test-keys`)

apt-ftparchive writes apt's files, gpg signs them, minisign signs the rest (docs/adr/0033). The keys are the
maintainer's and never here. The pool of the folder stays, so that earlier versions can be installed again; a package
that was published is never replaced by another of its name, and all are of one version and, by their provenance, of one
commit (`shipping.provenance`). With `SOURCE_DATE_EPOCH` the same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from shipping import provenance
from shipping.project import NAME, OUT, ROOT, VERSION

APP_ID = "app.intone.Intone"
"""What says in `latest.json` whose versions it tells: the app refuses another program's file by the same key."""

SUITE, COMPONENT = "stable", "main"

KEYRING, SOURCES = f"{NAME}-archive-keyring.pgp", f"{NAME}.sources"

KEYRING_FOLDER = "/etc/apt/keyrings"
"""Where the guide has users put the keyring; `Signed-By` names it."""

BUILT_IN = ROOT / "desktop/settings/release_source.toml"
"""The address and the key that the packages come with."""

OTHER_PACKAGES = (".AppImage", ".exe", ".pkg.tar.zst", ".rpm", ".tar.xz", ".whl", ".zip")
"""The ends of the names of packages that are offered beside the repository."""

REPORTS = (".cdx.json", provenance.SUFFIX)
"""Those of what is told of packages: offered with them, and not in `latest.json`."""

HASHES = ("--md5=no", "--sha1=no", "--sha512=no")
"""What apt-ftparchive leaves out, as Debian does: of what is by hash, apt asks for the longest hash there is."""

PROGRAMS = {"apt-ftparchive": "apt-utils", "dpkg-deb": "dpkg", "gpg": "gpg", "minisign": "minisign"}
"""Each program that is needed, and Debian's package of it."""


class RepositoryError(Exception):
    """The repository cannot be made; the text says why and what to do."""


@dataclass(frozen=True)
class Publication:
    """What is published where, and by which keys.

    `openpgp_key` is a fingerprint or a name of gpg's keyring, and so are `further_keys`, which sign nothing and are in
    users' keyring as well; `minisign_key` is a file; `url` is where `out` will be, `page` what users read of the
    version; `date` is in seconds since the epoch.
    """

    packages: Path
    out: Path
    openpgp_key: str
    minisign_key: Path
    url: str
    page: str
    date: int
    version: str = VERSION
    built_in: Path = BUILT_IN
    further_keys: tuple[str, ...] = ()

    @property
    def source(self) -> dict[str, str]:
        """Return the address and the key in `built_in`; empty ones stand for none."""
        return tomllib.loads(self.built_in.read_text(encoding="utf-8"))

    @property
    def latest_name(self) -> str:
        """Return the name of what the app's check reads: that in the built-in address."""
        return self.source["url"].rpartition("/")[2] or "latest.json"

    @property
    def moment(self) -> datetime:
        """Return the date."""
        return datetime.fromtimestamp(self.date, UTC)


def make_repository(publication: Publication) -> list[Path]:
    """Write the folder and return the files at its top. Raises `RepositoryError`."""
    if missing := sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None}):
        raise RepositoryError(f"This needs programs of Debian: apt install {' '.join(missing)}")
    if not publication.url.startswith("https://"):
        raise RepositoryError("Give the address where the folder will be, with https://: URL=https://…")
    if not publication.minisign_key.is_file():
        raise RepositoryError(
            f"There is no key of minisign at {publication.minisign_key}: docs/releasing.md makes one."
        )
    if publication.source["url"] not in ("", f"{publication.url}/{publication.latest_name}"):
        raise RepositoryError(f"{publication.built_in} says that users look at {publication.source['url']}.")
    debs, others, told = _list_debs(publication), _list_others(publication), _list_others(publication, REPORTS)
    try:
        provenance.require_one_commit([*debs, *others])
    except provenance.ProvenanceError as error:
        raise RepositoryError(str(error)) from error
    out = publication.out
    pool, files = out / "pool" / COMPONENT / NAME[0] / NAME, out / "files"
    targets = {deb: pool / deb.name for deb in debs} | {path: files / path.name for path in others}
    _refuse_replacements(targets)
    pool.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir()
    for package, target in (targets | {path: files / path.name for path in told}).items():
        shutil.copyfile(package, target)
    _write_sums(publication, [files / path.name for path in (*others, *told)])
    _write_indexes(publication)
    _sign_release(publication)
    _write_client_files(publication)
    _write_latest(publication, list(targets.values()))
    return sorted(path for path in out.iterdir() if path.is_file())


def _list_debs(publication: Publication) -> list[Path]:
    """Return the .debs of the version. Raises `RepositoryError` if there is none."""
    every = sorted(publication.packages.glob(f"{NAME}*.deb"))
    if debs := [deb for deb in every if _read_field(deb, "Version") == publication.version]:
        return debs
    raise RepositoryError(f"There is no .deb of version {publication.version} in {publication.packages}: make deb")


def _refuse_replacements(targets: Mapping[Path, Path]) -> None:
    for package, target in targets.items():
        if target.exists() and _sha256(target) != _sha256(package):
            raise RepositoryError(
                f"{target} was published already, and {package} is another: give it a new version. If it never was, "
                "delete the first."
            )


def _write_indexes(publication: Publication) -> None:
    """Write `Packages` of each architecture, also by its hash, and `Release`."""
    out, folder = publication.out, publication.out / "dists" / SUITE
    shutil.rmtree(folder, ignore_errors=True)
    found = sorted({_read_field(deb, "Architecture") for deb in out.glob("pool/**/*.deb")} - {"all"})
    for architecture in found:
        index = folder / COMPONENT / f"binary-{architecture}" / "Packages"
        index.parent.mkdir(parents=True)
        text = _run("apt-ftparchive", *HASHES, f"--arch={architecture}", "packages", "pool", cwd=out)
        index.write_bytes(text)
        index.with_name("Packages.xz").write_bytes(lzma.compress(text, preset=9))
        for path in sorted(index.parent.iterdir()):
            by_hash = index.parent / "by-hash" / "SHA256" / _sha256(path)
            by_hash.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, by_hash)
    fields = {
        "Origin": "Intone",
        "Label": "Intone",
        "Suite": SUITE,
        "Codename": SUITE,
        "Components": COMPONENT,
        "Architectures": " ".join(found),
        "Acquire-By-Hash": "yes",
        "Date": format_datetime(publication.moment, usegmt=True),
    }
    options = [f"-oAPT::FTPArchive::Release::{name}={value}" for name, value in fields.items()]
    release = _run("apt-ftparchive", *HASHES, *options, "release", f"dists/{SUITE}", cwd=out)
    (folder / "Release").write_bytes(release)


def _read_field(deb: Path, name: str) -> str:
    return _run("dpkg-deb", "--field", str(deb), name).decode().strip()


def _sign_release(publication: Publication) -> None:
    folder = publication.out / "dists" / SUITE
    for words, name in ((["--clearsign"], "InRelease"), (["--armor", "--detach-sign"], "Release.gpg")):
        _gpg(publication, "--output", str(folder / name), *words, str(folder / "Release"))


def _gpg(publication: Publication, *words: str) -> bytes:
    # The signature's own time, so that the same input gives the same bytes.
    at = ("--faked-system-time", f"{publication.date}!") if "SOURCE_DATE_EPOCH" in os.environ else ()
    key = publication.openpgp_key
    return _run("gpg", "--quiet", "--yes", *at, "--digest-algo", "SHA512", "--local-user", key, *words)


def _write_client_files(publication: Publication) -> None:
    """Write what users install: the public keys and apt's source."""
    keyring = b""
    for name in (publication.openpgp_key, *publication.further_keys):
        key = _run("gpg", "--export", "--export-options", "export-minimal", name)
        if not key:
            raise RepositoryError(f"gpg has no public key of {name}: gpg --list-keys")
        keyring += key
    (publication.out / KEYRING).write_bytes(keyring)
    (publication.out / SOURCES).write_text(
        f"Types: deb\nURIs: {publication.url}\nSuites: {SUITE}\nComponents: {COMPONENT}\n"
        f"Signed-By: {KEYRING_FOLDER}/{KEYRING}\n"
    )


def _list_others(publication: Publication, ends: tuple[str, ...] = OTHER_PACKAGES) -> list[Path]:
    """Return the files of the version with these ends of their names: the packages that no repository has."""
    version = re.compile(rf"(?<![\d.]){re.escape(publication.version)}(?![\da-z]|\.\d)")
    found = sorted(publication.packages.iterdir())
    return [path for path in found if path.name.endswith(ends) and version.search(path.name)]


def _write_sums(publication: Publication, files: list[Path]) -> None:
    """Write the checksums of `files` and sign them. Raises `RepositoryError` if users' key is not the one that signs:
    nothing that users look at is there by then."""
    sums = publication.out / "files/SHA256SUMS"
    sums.write_text("".join(f"{_sha256(path)}  {path.name}\n" for path in files))
    signature = _minisign(publication, sums)
    key = publication.source["key"]
    if key and _key_id(key) != _key_id(signature.read_text().splitlines()[1]):
        signature.unlink()
        raise RepositoryError(f"{publication.built_in} has another public key than that of this signature.")


def _write_latest(publication: Publication, files: list[Path]) -> None:
    """Write and sign what the app's check reads (`desktop.app.updates`)."""
    latest = {
        "app": APP_ID,
        "version": publication.version,
        "date": f"{publication.moment:%Y-%m-%dT%H:%M:%SZ}",
        "url": publication.page,
        "files": [
            {
                "name": path.name,
                "url": f"{publication.url}/{quote(path.relative_to(publication.out).as_posix())}",
                "size": path.stat().st_size,
                "sha256": _sha256(path),
            }
            for path in files
        ],
    }
    file = publication.out / publication.latest_name
    file.write_text(json.dumps(latest, indent=1) + "\n")
    _minisign(publication, file)


def _key_id(line: str) -> bytes:
    """Return the id in a key or a signature of minisign: eight bytes after two for the algorithm."""
    return base64.b64decode(line)[2:10]


def _minisign(publication: Publication, file: Path) -> Path:
    """Sign a file; return the signature beside it."""
    comment = f"{NAME} {publication.version} {file.name} {publication.moment:%Y-%m-%dT%H:%M:%SZ}"
    _run("minisign", "-S", "-s", str(publication.minisign_key), "-t", comment, "-m", str(file))
    return file.with_name(f"{file.name}.minisig")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _run(*words: str, cwd: Path | None = None) -> bytes:
    """Run a program, which may ask for a password on the terminal, and return its output. Raises `RepositoryError`."""
    done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise RepositoryError(f"{words[0]} failed with {done.returncode}; what it said is above.")
    return done.stdout


def make_test_keys(folder: Path) -> tuple[str, Path]:
    """Make keys without passwords in `folder`, for proofs alone: gpg's home is `folder/gpg`. Return the fingerprint and
    minisign's secret key; its public key is beside it."""
    home, secret = folder / "gpg", folder / "minisign.key"
    if not home.is_dir():
        home.mkdir(parents=True, mode=0o700)
        # Of a time before any date that a test signs at.
        alone = ("gpg", "--homedir", str(home), "--batch", "--quiet", "--faked-system-time", "20260101T000000!")
        name = "Test of Intone's repository <test@intone.invalid>"
        _run(*alone, "--passphrase", "", "--quick-generate-key", name, "ed25519", "sign", "never")
        _run("minisign", "-G", "-W", "-f", "-p", str(secret.with_suffix(".pub")), "-s", str(secret))
    listed = _run("gpg", "--homedir", str(home), "--with-colons", "--list-keys").decode()
    return next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:")), secret


def main() -> int:
    """Make the repository, or keys to try it with."""
    parser = argparse.ArgumentParser(prog="python -m shipping.repository", description=__doc__.partition("\n")[0])
    parser.add_argument("--key", default="", help="the OpenPGP key that signs for apt, as gpg knows it")
    parser.add_argument(
        "--further-key", action="append", default=[], help="another one that users should have before it signs"
    )
    parser.add_argument("--minisign-key", type=Path, default=Path(), help="the file of minisign's secret key")
    parser.add_argument("--url", default="", help="where the folder will be: https://…")
    parser.add_argument("--page", default="", help="the page of this version for users; that address where not given")
    parser.add_argument("--packages", type=Path, default=OUT, help="the folder with the packages")
    parser.add_argument("--out", type=Path, default=OUT / "repository", help="the folder to write")
    parser.add_argument("--test-keys", type=Path, help="make keys for a test in this folder, and nothing else")
    args = parser.parse_args()
    try:
        if args.test_keys:
            fingerprint, secret = make_test_keys(args.test_keys)
            sys.stdout.write(f"GNUPGHOME={args.test_keys / 'gpg'} KEY={fingerprint} MINISIGN_KEY={secret}\n")
            return 0
        if not args.key:
            raise RepositoryError("Give the OpenPGP key that signs: make repository KEY=… (docs/releasing.md)")
        date = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
        url = args.url.rstrip("/")
        publication = Publication(
            packages=args.packages,
            out=args.out,
            openpgp_key=args.key,
            minisign_key=args.minisign_key.expanduser(),
            url=url,
            page=args.page or f"{url}/",
            date=date,
            further_keys=tuple(args.further_key),
        )
        for path in make_repository(publication):
            sys.stdout.write(f"{path}\n")
    except RepositoryError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
