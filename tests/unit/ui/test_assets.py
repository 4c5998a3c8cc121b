import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.ui import assets
from web.ui.icons import ICONS, icon
from web.ui.people import initial

WEB = Path(assets.__file__).parents[1]


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("web", static_folder=None)
    assets.init_app(app)
    return app.test_client()


def test_a_stamped_file_may_be_kept_for_ever(client: FlaskClient) -> None:
    answer = client.get(assets.asset("css/app.css"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type.startswith("text/css")


def test_a_file_of_another_release_is_served_but_kept_briefly(client: FlaskClient) -> None:
    answer = client.get("/static/v-0123456789/css/app.css")
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]


def test_text_is_packed_for_who_can_unpack_it(client: FlaskClient) -> None:
    packed = client.get(assets.asset("css/tokens.css"), headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == client.get(assets.asset("css/tokens.css")).data
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("path", ["nothing.css", "../app.py", "..%2fapp.py", "css/%00", "css", "css/../../app.py", "/etc/passwd"])
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/v-{assets.stamp()}/{path}").status_code in (404, 308)


def test_an_unknown_file_is_found_out_when_the_page_is_made() -> None:
    with pytest.raises(FileNotFoundError):
        assets.asset("css/nothing.css")


def test_every_icon_is_drawn_in_the_sprite_and_no_other() -> None:
    drawn = re.findall(r'<symbol id="([^"]+)"', (WEB / "static" / "icons.svg").read_text())
    assert drawn == list(ICONS)


def test_icons_named_in_templates_mean_something() -> None:
    named = re.compile(r"""(?:\bicon\(|icon_name=|\bevent\(|\bdot\()["']([a-z-]+)["']""")
    unknown = {
        f"{path.relative_to(WEB)}: {name}"
        for path in (WEB / "templates").rglob("*.html")
        for name in named.findall(path.read_text())
        if name not in ICONS
    }
    assert unknown == set()


def test_an_icon_without_a_label_is_silent_and_one_without_a_meaning_is_refused() -> None:
    assert 'aria-hidden="true"' in icon("customer")
    assert 'aria-label="&lt;A&gt;"' in icon("customer", label="<A>")
    with pytest.raises(KeyError):
        icon("unicorn")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王芳", "芳"), ("Alice Chen", "AC"), ("bob", "B"), ("", "·"), (None, "·"), ("欧阳 娜娜", "娜"), ("Anna Maria de Souza", "AS")],
)
def test_people_are_shown_by_a_letter_or_two(name: str | None, shown: str) -> None:
    assert initial(name) == shown
