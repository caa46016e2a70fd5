"""The station's rules and its fitness for work, as an admin meets them."""

from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

import msgspec

from assettrack import bootstrap
from assettrack.services import settings
from assettrack.services.doctor import Check
from assettrack.settings import Settings
from assettrack.web.app import create_app
from assettrack.web.page_sentences import on_page
from tests.web.visitors import OpenStation, words


def test_a_rule_is_set_and_shown(station: OpenStation) -> None:
    """What was chosen goes for what is decided from now on; what there is not is refused."""
    ada = station.visitor("ada", "admin")
    ada.get("/settings")
    assert 'value="recorded" checked' in ada.page
    assert ada.post("/settings/acceptance", {"value": "required"}).headers["location"] == "/settings"
    assert settings.all_rules(station.workplace())[0].value == "required"
    ada.get("/settings")
    assert 'value="required" checked' in ada.page
    assert ada.post("/settings/acceptance", {"value": "perhaps"}).status_code == 409
    assert ada.post("/settings/nothing", {"value": "off"}).status_code == 409
    assert settings.all_rules(station.workplace())[0].value == "required"


def test_only_an_admin_sets_rules(station: OpenStation) -> None:
    """Nobody else sees or changes them."""
    for role in ("viewer", "operator", "auditor"):
        visitor = station.visitor(role[:3], role)
        assert visitor.get("/settings").status_code == 403
        assert visitor.post("/settings/acceptance", {"value": "off"}).status_code == 403
    assert settings.all_rules(station.workplace())[0].value == "recorded"


def test_the_doctors_findings_are_shown_what_is_wrong_first(station: OpenStation) -> None:
    """Each with its sentence, as pages say it, what is to be done about the backup too."""
    folder = station.folder
    paths = Settings(folder / "station.db", folder / "keys", folder / "plans", "mara")
    checks = bootstrap.examine(paths)
    station.app = create_app(msgspec.structs.replace(station.web, examine=lambda: checks))
    ada = station.visitor("ada", "admin")
    ada.get("/settings")
    told = [on_page(check.message, station.web.texts, ZoneInfo("Europe/Berlin")) for check in checks]
    shown = [each for each, check in zip(told, checks, strict=True) if check.name != "backup"]
    assert [each for each in shown if words(escape(each)) not in ada.words] == []
    bad = Check("key", ok=False, message="The key <b>lies</b> open.")
    station.app = create_app(msgspec.structs.replace(station.web, examine=lambda: [*checks, bad]))
    ada = station.visitor("ada")
    ada.get("/settings")
    assert "To be seen to: 1" in ada.words
    assert "The key &lt;b&gt;lies&lt;/b&gt; open." in ada.page
    assert ada.words.index("The key") < ada.words.index(told[0])


def test_the_settings_and_the_overview_agree_about_the_backup(station: OpenStation) -> None:
    """A new station without a backup has something to do and nothing wrong; after a month it is wrong, on both."""
    paths = Settings(station.folder / "station.db", station.folder / "keys", station.folder / "plans", "mara")
    checks = [check for check in bootstrap.examine(paths) if check.name == "backup"]
    station.app = create_app(msgspec.structs.replace(station.web, examine=lambda: checks))
    todo = "There is no backup yet. Have whoever looks after this computer make one, and keep it elsewhere."
    ada = station.visitor("ada", "admin")
    for path in ("/settings", "/", "/audit"):
        ada.get(path)
        assert todo in ada.words, path
    ada.get("/settings")
    assert "Nothing is wrong, and one thing is to be done: the backup." in ada.words
    assert '<span class="mark note">To do</span>' in ada.page
    ada.get("/")
    assert '<p class="note"><strong>There is no backup yet.' in ada.page
    station.now = datetime.now(UTC) + timedelta(days=32)  # a station is set up by the machine's own clock
    late = [msgspec.structs.replace(checks[0], ok=False)]
    station.app = create_app(msgspec.structs.replace(station.web, examine=lambda: late))
    ada = station.visitor("ada")
    ada.get("/")
    assert '<p class="bad"><strong>There is no backup yet.' in ada.page
    ada.get("/settings")
    assert "To be seen to: 1" in ada.words
