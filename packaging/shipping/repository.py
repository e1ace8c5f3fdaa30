"""Make what a maintainer uploads of the packages in `dist/`: an apt repository, the other packages, `latest.json`.

    python -m shipping.repository --key OPENPGP-KEY --minisign-key FILE --url https://…   (`make repository`)
    python -m shipping.repository --test-keys FOLDER                                      (`make test-keys`)

apt-ftparchive writes apt's files, gpg signs them, minisign signs the rest (docs/adr/0033). The keys are the
maintainer's and never here. The pool of the folder stays, so that earlier versions can be installed again; a package
that was published is never replaced by another of its name, nor is one published whose provenance says that it was made
of files that no commit has. With `SOURCE_DATE_EPOCH` the same input gives the same
bytes.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import lzma
import os
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

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

PROVENANCE = ".provenance.json"

REPORTS = (".cdx.json", PROVENANCE)
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

    `openpgp_key` is a fingerprint or a name of gpg's keyring, `minisign_key` a file; `url` is where `out` will be,
    `page` what users read of the version; `date` is in seconds since the epoch.
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
    debs = sorted(publication.packages.glob(f"{NAME}*.deb"))
    if not debs:
        raise RepositoryError(f"There is no .deb in {publication.packages}: make deb")
    others = _list_others(publication)
    if changed := find_changed(publication.packages) & {path.name for path in (*debs, *others)}:
        raise RepositoryError(
            f"Made of files that are in no commit: {', '.join(sorted(changed))}. Commit what `git status` names, or "
            "take it away, and make these packages anew."
        )
    out = publication.out
    out.mkdir(parents=True, exist_ok=True)
    pooled = [_add_to_pool(out, deb) for deb in debs]
    _write_indexes(publication)
    _sign_release(publication)
    _write_client_files(publication)
    copied = _copy_others(publication, others)
    current = [path for path in (*pooled, *copied) if f"{publication.version}" in path.name]
    _write_latest(publication, current)
    return sorted(path for path in out.iterdir() if path.is_file())


def find_changed(folder: Path) -> set[str]:
    """Return the names of the packages that were made of files which are not in their commit, by the provenance that
    lies in `folder` (`shipping.reports`)."""
    found = set()
    for path in folder.glob(f"*{PROVENANCE}"):
        page = json.loads(path.read_text(encoding="utf-8"))
        sources = page["predicate"]["buildDefinition"]["resolvedDependencies"]
        if any(source.get("annotations", {}).get("changed") for source in sources):
            found |= {subject["name"] for subject in page["subject"]}
    return found


def _add_to_pool(out: Path, deb: Path) -> Path:
    target = out / "pool" / COMPONENT / NAME[0] / NAME / deb.name
    if target.exists() and _sha256(target) != _sha256(deb):
        raise RepositoryError(
            f"{target} was published already, and {deb} is another: give it a new version. If it never was, delete the "
            "first."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(deb, target)
    return target


def _write_indexes(publication: Publication) -> None:
    """Write `Packages` of each architecture, also by its hash, and `Release`."""
    out, folder = publication.out, publication.out / "dists" / SUITE
    shutil.rmtree(folder, ignore_errors=True)
    found = sorted({_architecture(deb) for deb in out.glob("pool/**/*.deb")} - {"all"})
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


def _architecture(deb: Path) -> str:
    return _run("dpkg-deb", "--field", str(deb), "Architecture").decode().strip()


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
    """Write what users install: the public key and apt's source."""
    keyring = publication.out / KEYRING
    keyring.write_bytes(_run("gpg", "--export", "--export-options", "export-minimal", publication.openpgp_key))
    if not keyring.stat().st_size:
        raise RepositoryError(f"gpg has no public key of {publication.openpgp_key}: gpg --list-keys")
    (publication.out / SOURCES).write_text(
        f"Types: deb\nURIs: {publication.url}\nSuites: {SUITE}\nComponents: {COMPONENT}\n"
        f"Signed-By: {KEYRING_FOLDER}/{KEYRING}\n"
    )


def _list_others(publication: Publication) -> list[Path]:
    """Return the packages of the version that no repository has, and what is told of packages."""
    return [
        path
        for path in sorted(publication.packages.iterdir())
        if path.name.endswith((*OTHER_PACKAGES, *REPORTS)) and publication.version in path.name
    ]


def _copy_others(publication: Publication, others: list[Path]) -> list[Path]:
    """Copy those, and write their checksums, signed; return the packages."""
    folder = publication.out / "files"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    copied = []
    for path in others:
        copied.append(folder / path.name)
        shutil.copyfile(path, copied[-1])
    sums = folder / "SHA256SUMS"
    sums.write_text("".join(f"{_sha256(path)}  {path.name}\n" for path in copied))
    _minisign(publication, sums)
    return [path for path in copied if not path.name.endswith(REPORTS)]


def _write_latest(publication: Publication, files: list[Path]) -> None:
    """Write and sign what the app's check reads (`desktop.app.updates`)."""
    if not files:
        raise RepositoryError(f"No package has the version {publication.version} in its name: make it anew.")
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
    file = publication.out / "latest.json"
    file.write_text(json.dumps(latest, indent=1) + "\n")
    _minisign(publication, file)
    _compare_with_built_in(publication, file)


def _compare_with_built_in(publication: Publication, latest: Path) -> None:
    """Refuse an address or a key by which the packages that name others would not find or believe this file."""
    built_in = tomllib.loads(publication.built_in.read_text(encoding="utf-8"))
    if built_in["url"] not in ("", f"{publication.url}/{latest.name}"):
        raise RepositoryError(f"{publication.built_in} says that users look at {built_in['url']}.")
    signature = latest.with_name(f"{latest.name}.minisig").read_text().splitlines()[1]
    if built_in["key"] and _key_id(built_in["key"]) != _key_id(signature):
        raise RepositoryError(f"{publication.built_in} has another public key than that of this signature.")


def _key_id(line: str) -> bytes:
    """Return the id in a key or a signature of minisign: eight bytes after two for the algorithm."""
    return base64.b64decode(line)[2:10]


def _minisign(publication: Publication, file: Path) -> None:
    comment = f"{NAME} {publication.version} {file.name} {publication.moment:%Y-%m-%dT%H:%M:%SZ}"
    _run("minisign", "-S", "-s", str(publication.minisign_key), "-t", comment, "-m", str(file))


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
            args.packages, args.out, args.key, args.minisign_key.expanduser(), url, args.page or f"{url}/", date
        )
        for path in make_repository(publication):
            sys.stdout.write(f"{path}\n")
    except RepositoryError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
