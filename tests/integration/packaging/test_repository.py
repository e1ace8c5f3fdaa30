"""What `make repository` makes, read by apt and by the app's check: signed ones alone are believed."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.app.updates import UpdateChecker, fetch_release
from desktop.core.errors import ServiceError, UserError
from desktop.core.state import AvailableRelease
from desktop.network.client import ServiceClient
from desktop.settings.schema import Settings, UpdatesSettings
from tests.support.cloud.tls_server import Served, trusting
from tests.support.published import Apt, Published, lacking, reports, repository, serve_folder

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(bool(lacking()), reason=f"not installed: {', '.join(lacking())}"),
]

DATE = 1_790_000_000
"""In September of 2026."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose path is short: gpg's agent has a socket in it, of 107 characters at most."""
    return tmp_path_factory.mktemp("r")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    with serve_folder(folder / "out") as running:
        yield running


@pytest.fixture
def published(folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> Published:
    monkeypatch.setenv("GNUPGHOME", str(folder / "keys/gpg"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DATE))
    for name in ("out", "packages"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "out").mkdir()
    published = Published(folder, served.url)
    published.build("9.1.0")
    published.publish("9.1.0", DATE)
    return published


@pytest.fixture
async def client() -> AsyncIterator[ServiceClient]:
    client = ServiceClient(ssl_context=trusting())
    yield client
    await client.aclose()


# -- apt -----------------------------------------------------------------------------------------------------------


def test_repository_is_read_by_apt_and_gives_both_versions(published: Published, tmp_path: Path) -> None:
    apt = Apt(tmp_path, published)
    updated = apt.run("update")
    assert (updated.returncode, updated.stderr) == (0, "")
    published.build("9.2.0")
    published.publish("9.2.0", DATE + 1)
    assert apt.run("update").returncode == 0
    versions = apt.run("madison", "intone", program="apt-cache").stdout
    assert [line.split("|")[1].strip() for line in versions.splitlines()] == ["9.2.0", "9.1.0"]
    fetched = apt.run("download", "intone=9.1.0")
    assert fetched.returncode == 0, fetched.stderr
    assert (tmp_path / "intone_9.1.0_amd64.deb").read_bytes() == (
        published.folder / "packages/intone_9.1.0_amd64.deb"
    ).read_bytes()


def test_repository_is_read_by_hash(published: Published, tmp_path: Path) -> None:
    for index in published.out.glob("dists/stable/main/*/Packages*"):
        index.unlink()
    apt = Apt(tmp_path, published)
    updated = apt.run("update")
    assert updated.returncode == 0, updated.stderr
    assert "9.1.0" in apt.run("madison", "intone", program="apt-cache").stdout


def test_repository_signed_by_another_key_is_refused_by_apt(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt = Apt(tmp_path, published)
    monkeypatch.setenv("GNUPGHOME", str(published.folder / "other/gpg"))
    published.publish("9.1.0", DATE + 1, keys="other")
    refused = apt.run("update")
    assert refused.returncode == 100
    assert "is not signed" in refused.stderr
    assert not apt.run("madison", "intone", program="apt-cache").stdout


def test_index_changed_after_signing_is_refused_by_apt(published: Published, tmp_path: Path) -> None:
    apt = Apt(tmp_path, published)
    release = published.out / "dists/stable/InRelease"
    release.write_text(release.read_text().replace("Suite: stable", "Suite: stabel"))
    assert apt.run("update").returncode == 100


def test_package_changed_after_signing_is_refused_by_apt(published: Published, tmp_path: Path) -> None:
    apt = Apt(tmp_path, published)
    assert apt.run("update").returncode == 0
    (deb,) = published.out.glob("pool/**/*.deb")
    content = bytearray(deb.read_bytes())
    content[-1] ^= 1
    deb.write_bytes(content)
    refused = apt.run("download", "intone")
    assert refused.returncode == 100
    assert "Hash Sum mismatch" in refused.stderr
    assert not list(tmp_path.glob("*.deb"))


# -- what is made ----------------------------------------------------------------------------------------------------


def test_repository_made_twice_is_the_same(published: Published) -> None:
    def read() -> dict[str, bytes]:
        out = published.out
        return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}

    before = read()
    shutil.rmtree(published.out / "pool")
    published.publish("9.1.0", DATE)
    assert read() == before
    assert {"InRelease", "Release.gpg", "latest.json.minisig", "SHA256SUMS.minisig"} <= {
        Path(name).name for name in before
    }


def test_repository_offers_the_other_packages_of_the_version(published: Published) -> None:
    report, setup_name = "intone-9.1.0-windows.cdx.json", "intone-9.1.0-windows-setup.exe"
    others = ("intone-9.0.0-windows-setup.exe", "intone-9.1.01-windows-setup.exe", "intone-9.1.0.1.whl")
    for name in (report, setup_name, *others, "intone-9.1.0.sizes.json"):
        (published.folder / "packages" / name).write_text(name)
    published.publish("9.1.0", DATE)
    latest = json.loads((published.out / "latest.json").read_text())
    names = {file["name"]: file for file in latest["files"]}
    assert set(names) == {"intone_9.1.0_amd64.deb", setup_name}
    setup = names[setup_name]
    sums = dict(reversed(line.split()) for line in (published.out / "files/SHA256SUMS").read_text().splitlines())
    pages = {f"{reports.stem_of(Path(name))}.provenance.json" for name in names}
    assert sums.keys() == {setup_name, report, *pages}
    assert sums[setup_name] == setup["sha256"]
    assert (published.out / setup["url"].removeprefix(f"{published.url}/")).stat().st_size == setup["size"]


def test_debian_package_of_another_version_is_not_offered(published: Published) -> None:
    published.build("9.9.0")
    published.publish("9.1.0", DATE)
    (index,) = published.out.glob("dists/stable/main/*/Packages")
    assert [line for line in index.read_text().splitlines() if line.startswith("Version")] == ["Version: 9.1.0"]
    with pytest.raises(repository.RepositoryError, match=r"no \.deb of version 9\.2\.0"):
        published.publish("9.2.0", DATE)


@pytest.mark.parametrize("name", ["intone_9.1.0_amd64.deb", "intone-9.1.0-windows-setup.exe"])
def test_package_published_before_is_not_replaced(published: Published, name: str) -> None:
    other = published.folder / "packages/intone-9.1.0-windows-setup.exe"
    other.write_text("one")
    published.publish("9.1.0", DATE)
    before = {path: path.read_bytes() for path in published.out.rglob("*") if path.is_file()}
    if name == other.name:
        other.write_text("another")
    else:
        published.build("9.1.0", "another")
    with pytest.raises(repository.RepositoryError, match=rf"{name} was published already.*give it a new version"):
        published.publish("9.1.0", DATE + 1)
    assert {path: path.read_bytes() for path in published.out.rglob("*") if path.is_file()} == before


# -- the packages' provenance ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["intone_9.1.0_amd64.deb", "intone-9.1.0-windows-setup.exe"])
def test_package_of_changed_files_is_not_published(published: Published, name: str) -> None:
    (published.folder / "packages/intone-9.1.0-windows-setup.exe").touch()
    published.publish("9.1.0", DATE)
    page = published.vouch(published.folder / "packages" / name)
    page.write_text(page.read_text().replace('"changed": false', '"changed": true'))
    with pytest.raises(repository.RepositoryError, match=rf"in no commit: {name}\. Commit"):
        published.publish("9.1.0", DATE, is_vouched=False)


def test_package_without_its_own_provenance_is_not_published(published: Published) -> None:
    (deb,) = (published.folder / "packages").glob("*.deb")
    page = published.vouch(deb)
    published.build("9.1.0", "another")  # beside the page of the one before
    with pytest.raises(repository.RepositoryError, match=rf"was written for: {deb.name}"):
        published.publish("9.1.0", DATE, is_vouched=False)
    page.unlink()
    with pytest.raises(repository.RepositoryError, match=rf"was written for: {deb.name}"):
        published.publish("9.1.0", DATE, is_vouched=False)


def test_hardly_packed_package_is_not_published(published: Published) -> None:
    (deb,) = (published.folder / "packages").glob("*.deb")
    published.vouch(deb, INTONE_PACK="fast")
    with pytest.raises(repository.RepositoryError, match=rf"Hardly packed.*{deb.name}"):
        published.publish("9.1.0", DATE, is_vouched=False)


def test_packages_of_two_commits_are_not_published(published: Published) -> None:
    setup = published.folder / "packages/intone-9.1.0-windows-setup.exe"
    setup.touch()
    published.publish("9.1.0", DATE)
    published.vouch(setup, "2" * 40)
    with pytest.raises(
        repository.RepositoryError, match=r"several commits: .*setup\.exe of 222222222222; .*deb of 1111"
    ):
        published.publish("9.1.0", DATE, is_vouched=False)


# -- addresses and keys ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "match"),
    [('url = "https://other.example/latest.json"\nkey = ""', "users look at"), ('url = ""\nkey = "{0}"', "public key")],
)
def test_another_source_in_the_packages_is_refused(published: Published, tmp_path: Path, line: str, match: str) -> None:
    other = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"  # of the program's manual
    (tmp_path / "source.toml").write_text(line.format(other))
    made = published.publish("9.1.0", DATE)
    out = published.folder / "refused"
    with pytest.raises(repository.RepositoryError, match=match):
        repository.make_repository(replace(made, out=out, built_in=tmp_path / "source.toml"))
    assert not [
        path for path in out.rglob("*") if path.name in {"InRelease", "latest.json"} or path.suffix == ".minisig"
    ]


async def test_another_key_has_a_file_of_its_own(published: Published, client: ServiceClient, tmp_path: Path) -> None:
    before = {name: (published.out / name).read_bytes() for name in ("latest.json", "latest.json.minisig")}
    _, secret = repository.make_test_keys(published.folder / "other")
    key = secret.with_suffix(".pub").read_text().splitlines()[1]
    (tmp_path / "source.toml").write_text(f'url = "{published.url}/latest-2.json"\nkey = "{key}"\n')
    made = published.publish("9.1.0", DATE)
    repository.make_repository(replace(made, minisign_key=secret, built_in=tmp_path / "source.toml"))
    release = AvailableRelease("9.1.0", f"{published.url}/9.1.0")
    for name, trusted in (("latest.json", published.public_key), ("latest-2.json", key)):
        assert await fetch_release(client, f"{published.url}/{name}", trusted) == (release, DATE)
    assert {name: (published.out / name).read_bytes() for name in before} == before


def test_keyring_has_the_key_that_signs_next(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, _ = repository.make_test_keys(published.folder / "other")
    exported = subprocess.run(
        ["gpg", "--homedir", published.folder / "other/gpg", "--export", other], check=True, capture_output=True
    )
    subprocess.run(["gpg", "--quiet", "--import"], input=exported.stdout, check=True)
    made = published.publish("9.1.0", DATE)
    repository.make_repository(replace(made, further_keys=(other,)))
    apt = Apt(tmp_path, published)
    monkeypatch.setenv("GNUPGHOME", str(published.folder / "other/gpg"))
    published.publish("9.1.0", DATE + 1, keys="other")
    updated = apt.run("update")
    assert (updated.returncode, updated.stderr) == (0, "")


def test_public_keyring_has_no_secret(published: Published) -> None:
    assert b"Test of Intone" in (published.out / repository.KEYRING).read_bytes()
    listed = subprocess.run(
        ["gpg", "--list-packets", published.out / repository.KEYRING], check=True, capture_output=True, text=True
    )
    assert ":public key packet:" in listed.stdout
    assert "secret" not in listed.stdout


# -- the app's check -------------------------------------------------------------------------------------------------


async def test_signed_answer_gives_version_and_page(published: Published, client: ServiceClient) -> None:
    url = f"{published.url}/latest.json"
    release = AvailableRelease("9.1.0", f"{published.url}/9.1.0")
    assert await fetch_release(client, url, published.public_key) == (release, DATE)
    assert await fetch_release(client, url) == (release, 0.0)


async def test_tampered_answer_is_refused_with_a_sentence(published: Published, client: ServiceClient) -> None:
    file = published.out / "latest.json"
    file.write_text(file.read_text().replace("9.1.0", "9.9.0"))
    with pytest.raises(UserError, match=r"not signed by the key in your settings.*Install nothing from there"):
        await fetch_release(client, f"{published.url}/latest.json", published.public_key)


async def test_answer_by_another_key_is_refused(
    published: Published, client: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GNUPGHOME", str(published.folder / "other/gpg"))
    published.publish("9.1.0", DATE, keys="other")
    with pytest.raises(UserError) as raised:
        await fetch_release(client, f"{published.url}/latest.json", published.public_key)
    assert raised.value.code == "update-signature-wrong"


async def test_signature_of_another_file_is_refused(published: Published, client: ServiceClient) -> None:
    shutil.copy(published.out / "files/SHA256SUMS.minisig", published.out / "latest.json.minisig")
    with pytest.raises(UserError) as raised:
        await fetch_release(client, f"{published.url}/latest.json", published.public_key)
    assert raised.value.code == "update-signature-wrong"


async def test_another_signed_file_in_its_place_makes_no_sense(published: Published, client: ServiceClient) -> None:
    with pytest.raises(ServiceError, match="makes no sense"):
        await fetch_release(client, f"{published.url}/files/SHA256SUMS", published.public_key)


async def test_unsigned_answer_is_refused_with_a_key(published: Published, client: ServiceClient) -> None:
    (published.out / "latest.json.minisig").unlink()
    with pytest.raises(UserError, match="did not sign its answer"):
        await fetch_release(client, f"{published.url}/latest.json", published.public_key)


async def test_refused_answer_leaves_the_result_before(
    published: Published, client: ServiceClient, tmp_path: Path
) -> None:
    file, told = tmp_path / "updates.json", list[AvailableRelease | None]()
    chosen = UpdatesSettings(url=f"{published.url}/latest.json", key=published.public_key)
    checker = UpdateChecker(file, lambda: Settings(updates=chosen), lambda: client, told.append)
    found = await checker.check_now()
    before = file.read_text()
    latest = published.out / "latest.json"
    latest.write_text(latest.read_text().replace("9.1.0", "9.9.0"))
    with pytest.raises(UserError):
        await checker.check_now()
    assert (file.read_text(), told) == (before, [found])


async def test_older_answer_played_again_is_refused(
    published: Published, client: ServiceClient, tmp_path: Path
) -> None:
    chosen = UpdatesSettings(url=f"{published.url}/latest.json", key=published.public_key)
    checker = UpdateChecker(tmp_path / "updates.json", lambda: Settings(updates=chosen), lambda: client, lambda _: None)
    old = {name: (published.out / name).read_bytes() for name in ("latest.json", "latest.json.minisig")}
    published.build("9.2.0")
    published.publish("9.2.0", DATE + 86_400)
    found = await checker.check_now()
    assert found is not None
    assert found.version == "9.2.0"
    for name, content in old.items():
        (published.out / name).write_bytes(content)
    with pytest.raises(UserError, match="older than its last one"):
        await checker.check_now()
    published.publish("9.1.0", DATE + 2 * 86_400)  # 9.2.0 is withdrawn, by its publisher
    found = await checker.check_now()
    assert found is not None
    assert found.version == "9.1.0"


async def test_date_to_come_does_not_bar_later_answers(
    published: Published, client: ServiceClient, tmp_path: Path
) -> None:
    chosen = UpdatesSettings(url=f"{published.url}/latest.json", key=published.public_key)
    checker = UpdateChecker(tmp_path / "updates.json", lambda: Settings(updates=chosen), lambda: client, lambda _: None)
    published.publish("9.1.0", int(time.time()) + 10**8)
    await checker.check_now()
    published.publish("9.1.0", int(time.time()) + 10)
    assert await checker.check_now() is not None


async def test_result_without_a_key_is_not_told_once_there_is_one(
    published: Published, client: ServiceClient, tmp_path: Path
) -> None:
    told = list[AvailableRelease | None]()
    url = f"{published.url}/latest.json"
    chosen = UpdatesSettings(url=url, check="daily")
    checker = UpdateChecker(tmp_path / "updates.json", lambda: Settings(updates=chosen), lambda: client, told.append)
    await checker.check_now()
    (published.out / "latest.json.minisig").unlink()
    chosen = UpdatesSettings(url=url, check="daily", key=published.public_key)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(checker.run)
        await anyio.wait_all_tasks_blocked()
        with anyio.fail_after(10):
            while told[-1] is not None:
                await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    assert told[0] is not None
