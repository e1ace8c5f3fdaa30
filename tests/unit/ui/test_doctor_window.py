"""The doctor's window, and the section about the app."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.core.errors import UserError
from desktop.core.messages import Message, RemedyOf, render_command, render_commands
from desktop.core.state import AppState, AvailableRelease, Health
from desktop.doctor.checks import CHECKS
from desktop.ui.doctor_window import DoctorWindow, FindingRow, check_title
from desktop.ui.i18n import install_language, list_languages, remedy_text
from desktop.ui.settings.about import AboutPage
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.widgets.form import collect_text
from tests.support.ui.fake_services import MISSING, WELL, FakeServices

NEWER = AvailableRelease("9.2.0", "https://example.org/newest")


class Browser(QObject):
    """Opens what is opened; `opened` are the addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def show_page(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def browser(qapp) -> Iterator[Browser]:
    made = Browser()
    QDesktopServices.setUrlHandler("https", made, "show_page")
    yield made
    QDesktopServices.unsetUrlHandler("https")


@pytest.fixture
def doctor() -> FakeServices:
    return FakeServices(waits=True)


@pytest.fixture
def window(doctor: FakeServices, qtbot) -> DoctorWindow:
    made = DoctorWindow(doctor)
    qtbot.addWidget(made)
    made.present()
    return made


def names(window: DoctorWindow) -> list[str]:
    rows = (window._list.itemAt(place).widget() for place in range(window._list.count()))
    return [row.finding.name for row in rows if isinstance(row, FindingRow)]


def test_problem_listed_first_and_counted(window: DoctorWindow, doctor: FakeServices) -> None:
    assert window.headline.text().startswith("Looking: 0 of ")
    assert not window.rerun.isEnabled()
    doctor.go()
    assert names(window) == ["model", "tray", "python"]
    assert window.headline.text() == "One thing is in the way."
    assert window.rerun.isEnabled()


def test_where_all_that_is_needed_is_here_that_is_said(window: DoctorWindow, doctor: FakeServices) -> None:
    doctor.findings = (WELL, MISSING)
    doctor.go()
    assert window.headline.text() == "Everything that a dictation needs is here."


def test_checks_rerun_on_request_and_show_never_twice(window: DoctorWindow, doctor: FakeServices) -> None:
    window.run_checks()
    assert doctor.asked == ["examine"]
    doctor.go()
    window.rerun.click()
    assert names(window) == []
    doctor.go()
    window.close()
    window.present()
    assert doctor.asked == ["examine"] * 3


def test_the_command_of_a_remedy_is_copied(window: DoctorWindow, doctor: FakeServices) -> None:
    doctor.go()
    row = window._list.itemAt(0).widget()
    assert isinstance(row, FindingRow)
    row.copy.click()
    assert QGuiApplication.clipboard().text() == "intone models pull base"


@pytest.mark.parametrize(
    ("message", "command"),
    [
        (Message("qt-libraries-missing", command="sudo apt-get install -y libegl1"), "sudo apt-get install -y libegl1"),
        (Message("tray-missing", command="sudo apt-get install -y x-y"), "sudo apt-get install -y x-y"),
        (Message("microphone-missing"), "intone devices"),
        (Message("model-damaged", name="base", file="model.bin"), "intone models pull base"),
        (Message("nothing-kept", problem="", remedy=RemedyOf(Message("microphone-missing"))), "intone devices"),
        (Message("display-missing"), ""),
    ],
)
def test_the_command_of_a_remedy_can_be_copied(message: Message, command: str) -> None:
    assert render_command(message) == command


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("wayland-keys-sway", 1),
        ("wayland-keys-hyprland", 2),
        ("wayland-keys-gnome", 1),
        ("wayland-keys-kde", 1),
        ("wayland-keys-other", 3),
    ],
)
def test_lines_to_be_copied_stand_in_the_remedy_of_each_language(qapp, code: str, count: int) -> None:
    message = Message(code)
    commands = render_commands(message)
    assert len(commands) == count
    try:
        for language in list_languages():
            install_language(qapp, language)
            assert all(f"\n{command}\n" in f"\n{remedy_text(message)}\n" for command in commands)
    finally:
        install_language(qapp, "en")


def test_failed_checks_reported_and_repeatable(window: DoctorWindow, doctor: FakeServices) -> None:
    doctor.problem = UserError("checks-interrupted")
    doctor.go()
    assert window.notice.label.text().startswith("The checks ended before they were done.")
    assert window.rerun.isEnabled()


def test_the_network_is_measured_only_when_asked(window: DoctorWindow, doctor: FakeServices) -> None:
    doctor.go()
    assert doctor.asked == ["examine"]
    window.network.click()
    facts, verdict = window.measured.text().split("\n\n")[1:]
    assert facts.startswith(
        "openai: api.openai.com; the key is in the keyring.\n  upload: not measured; --upload sends"
    )
    assert verdict == (
        "The rest is this app: api.openai.com answers. `intone bench cloud` shows what is waited for beyond that."
    )


def test_the_network_is_judged_in_the_windows_language(window: DoctorWindow, qapp) -> None:
    install_language(qapp, "zh_CN")
    try:
        window.network.click()
    finally:
        install_language(qapp, "en")
    table, facts, verdict = window.measured.text().split("\n\n")
    assert table.splitlines()[0].split()[5:] == ["升级", "首字节", "总计"]
    assert facts.startswith("openai：api.openai.com；密钥在 密钥环。\n  上传：没有测量")
    assert verdict == "其余是本应用：api.openai.com 有回答。`intone bench cloud` 显示除此之外在等什么。"


def test_a_report_is_copied(window: DoctorWindow, doctor: FakeServices) -> None:
    doctor.go()
    window.report.click()
    assert doctor.asked[-1] == "report 3"
    assert QGuiApplication.clipboard().text() == "## Intone"


def test_it_fits_a_small_screen(window: DoctorWindow, doctor: FakeServices) -> None:
    doctor.go()
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 640


def test_about_shows_licences_changes_and_doctor(engine, doctor: FakeServices, qtbot) -> None:
    window = SettingsWindow(engine.app(services=doctor))
    qtbot.addWidget(window)
    window.present()
    about = next(page for page in window.pages if isinstance(page, AboutPage))
    window.show_page(AboutPage)
    buttons = {button.accessibleName(): button for button in about.findChildren(type(window.invalid_lines.button))}
    buttons["Look what is wrong"].click()
    assert engine.asked == ["open doctor"]
    assert about.licences.isHidden()
    about._show_licences()
    assert about.licences.toPlainText() == "anyio 4.8: MIT"
    about._show_changes()
    assert "Changelog" in about.changes.toPlainText()
    about._show_changes()
    assert about.changes.isHidden()


def test_about_says_whether_a_newer_version_is_there(engine, browser: Browser, qtbot) -> None:
    services = FakeServices(
        releases=[UserError("reported-message", title="There is no address to look at.", advice=""), None, NEWER]
    )
    window = SettingsWindow(engine.app(services=services))
    qtbot.addWidget(window)
    window.present()
    window.show_page(AboutPage)
    about = next(page for page in window.pages if isinstance(page, AboutPage))
    said = []
    for _ in range(3):
        about.check_button.click()
        said.append(collect_text(about.update_row))
        assert about.check_button.isEnabled()
    assert "There is no address to look at." in said[0]
    assert "This is the newest version." in said[1]
    assert about.page_button.isVisible()
    assert "Intone 9.2.0 is there." in said[2]
    about.page_button.click()
    assert browser.opened == [NEWER.url]
    window.draw(AppState(health=Health(release=AvailableRelease("9.3.0"))))
    assert "Intone 9.3.0 is there." in collect_text(about.update_row)
    assert about.page_button.isHidden()


def test_about_says_whether_the_answer_is_verified(engine, qtbot) -> None:
    window = SettingsWindow(engine.app())
    qtbot.addWidget(window)
    window.present()
    window.show_page(AboutPage)
    about = next(page for page in window.pages if isinstance(page, AboutPage))
    window.draw(AppState())
    assert "Without a key its answer is not verified." in collect_text(about.update_row)
    engine.set_setting("updates.key", "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3")
    window.refresh()
    assert "believes what the key has signed" in collect_text(about.update_row)


def test_about_offers_a_restart_into_what_is_installed(engine, qtbot) -> None:
    window = SettingsWindow(engine.app())
    qtbot.addWidget(window)
    window.present()
    window.show_page(AboutPage)
    about = next(page for page in window.pages if isinstance(page, AboutPage))
    window.draw(AppState())
    assert about.restart_button.isHidden()
    window.draw(AppState(health=Health(installed_version="9.2.0")))
    assert "Intone 9.2.0 is installed, and this is still" in collect_text(about.update_row)
    about._show_changes()
    assert about.restart_button.isVisible()
    about.restart_button.click()
    assert engine.asked == ["restart"]


def test_every_check_is_called_something_in_chinese(qapp) -> None:
    install_language(qapp, "zh_CN")
    try:
        english = {check.name for check in CHECKS if check_title(check.name).isascii()}
    finally:
        install_language(qapp, "en")
    assert english == {"python", "portaudio"}
