"""The station's rules and its fitness for work, as an admin meets them."""

import msgspec

from assettrack import bootstrap
from assettrack.services import settings
from assettrack.services.doctor import Check
from assettrack.settings import Settings
from assettrack.web.app import create_app
from tests.web.visitors import OpenStation


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
    """Each with its sentence, as the command says it."""
    folder = station.folder
    paths = Settings(folder / "station.db", folder / "keys", folder / "plans", "mara")
    checks = bootstrap.examine(paths)
    station.app = create_app(msgspec.structs.replace(station.web, examine=lambda: checks))
    ada = station.visitor("ada", "admin")
    ada.get("/settings")
    assert f"All is well: {len(checks)} things were looked at." in ada.words
    assert all(check.message in ada.words for check in checks)
    bad = Check("key", ok=False, message="The key <b>lies</b> open.")
    station.app = create_app(msgspec.structs.replace(station.web, examine=lambda: [*checks, bad]))
    ada = station.visitor("ada")
    ada.get("/settings")
    assert "To be seen to: 1" in ada.words
    assert "The key &lt;b&gt;lies&lt;/b&gt; open." in ada.page
    assert ada.words.index("The key") < ada.words.index(checks[0].message)
