"""A repository of packages of a kilobyte, published as a maintainer's is, on a TLS server of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from tests.support.cloud.tls_server import Served, authority, serve

sys.path.append(str(Path(__file__).parents[2] / "packaging"))
from shipping import reports, repository
from shipping.repository import Publication, make_repository, make_test_keys

__all__ = ["Apt", "Published", "lacking", "reports", "repository", "serve_folder"]

NEEDED = (*repository.PROGRAMS, "apt-get")


def lacking() -> list[str]:
    """The programs that are not here."""
    return [program for program in NEEDED if shutil.which(program) is None]


@dataclass
class Published:
    """The repository in `folder/out`, made of `folder/packages` by the keys in `folder/keys`."""

    folder: Path
    url: str = ""

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def public_key(self) -> str:
        """The line of minisign's public key."""
        return (self.folder / "keys/minisign.pub").read_text().splitlines()[1]

    def build(self, version: str, content: str = "one") -> Path:
        """Make a package with one file."""
        root, packages = self.folder / "root", self.folder / "packages"
        shutil.rmtree(root, ignore_errors=True)
        (root / "DEBIAN").mkdir(parents=True)
        packages.mkdir(exist_ok=True)
        (root / "intone.txt").write_text(content)
        (root / "DEBIAN/control").write_text(
            f"Package: intone\nVersion: {version}\nArchitecture: amd64\nMaintainer: Test <test@intone.invalid>\n"
            "Description: a test\n a test\n"
        )
        file = packages / f"intone_{version}_amd64.deb"
        build = ["dpkg-deb", "--root-owner-group", "--build", root, file]
        subprocess.run(build, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": "1"})
        return file

    def vouch(self, package: Path, commit: str = "1" * 40, **parameters: str) -> Path:
        """Write the provenance of a package, as made of `commit` alone."""
        page = reports.build_provenance([package], "make", [], {})
        built = page["predicate"]["buildDefinition"]
        built["internalParameters"] |= parameters
        built["resolvedDependencies"][0] |= {"digest": {"gitCommit": commit}, "annotations": {"changed": False}}
        return reports.write_page(package, "provenance.json", page)

    def publish(self, version: str, date: int, *, keys: str = "keys", is_vouched: bool = True) -> Publication:
        """Sign everything as of `date`, by default with the provenance that each package needs."""
        fingerprint, secret = make_test_keys(self.folder / keys)
        for package in (self.folder / "packages").iterdir() if is_vouched else ():
            if package.name.endswith((".deb", *repository.OTHER_PACKAGES)):
                self.vouch(package)
        page = f"{self.url}/{version}"
        publication = Publication(
            self.folder / "packages", self.out, fingerprint, secret, self.url, page, date, version
        )
        make_repository(publication)
        for path in self.out.rglob("*"):  # by which apt asks whether a file has changed, and a test is over in a second
            os.utime(path, (date, date))
        return publication


@contextmanager
def serve_folder(folder: Path) -> Iterator[Served]:
    """Serve the files of `folder` over TLS."""
    folder.mkdir(exist_ok=True)
    with serve(Starlette(routes=[Mount("/", StaticFiles(directory=folder))])) as served:
        yield served


class Apt:
    """apt with a root of its own in `folder`, in which nothing is installed."""

    def __init__(self, folder: Path, published: Published) -> None:
        self._folder = folder
        for place in ("etc/apt/sources.list.d", "etc/apt/preferences.d", "var/lib/apt/lists/partial"):
            (folder / place).mkdir(parents=True)
        for place in ("var/lib/dpkg", "var/cache/apt/archives/partial"):
            (folder / place).mkdir(parents=True)
        (folder / "var/lib/dpkg/status").touch()
        authority().cert_pem.write_to_path(folder / "authority.pem")
        keyring = folder / repository.KEYRING
        shutil.copy(published.out / repository.KEYRING, keyring)
        source = (published.out / repository.SOURCES).read_text()
        source = source.replace(f"{repository.KEYRING_FOLDER}/{repository.KEYRING}", str(keyring))
        (folder / "etc/apt/sources.list.d" / repository.SOURCES).write_text(source)

    def run(self, *words: str, program: str = "apt-get") -> subprocess.CompletedProcess[str]:
        """Run apt."""
        state = self._folder / "var/lib/dpkg/status"
        options = {
            "Dir": self._folder,
            "Dir::State::status": state,
            "Acquire::https::CAInfo": self._folder / "authority.pem",
            "APT::Architecture": "amd64",
            "APT::Sandbox::User": "",
            "Acquire::Retries": "0",
        }
        given = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run([program, *given, *words], env=environ, capture_output=True, text=True, cwd=self._folder)
        return done
