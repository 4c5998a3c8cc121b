"""One view for a browser and for htmx; toasts in both."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import DictLoader

from web.ui import htmx

PIECE = {"HX-Request": "true", "HX-Target": "div#rows"}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("web")
    app.secret_key = "only for this test"
    app.jinja_loader = DictLoader(
        {
            "list.html": '{% extends "base.html" %}{% from "macros.html" import row %}{% block rows %}{{ row(name) }}{% endblock %}',
            "base.html": "<html>{% block rows %}{% endblock %}</html>",
            "macros.html": "{% macro row(name) %}<p>{{ name }}</p>{% endmacro %}",
            "ui/toasts_piece.html": "<toast>{% for one in toasts %}{{ one.text }}{% endfor %}</toast>",
        }
    )
    app.add_url_rule("/list", "list", lambda: htmx.page("list.html", piece="rows", name="<青禾>"))
    app.add_url_rule("/wrong", "wrong", lambda: htmx.form_again("list.html", piece="rows", name="x"))

    def save() -> object:
        htmx.tell("Saved", undo="/undo")
        return htmx.done("/list", "<b>row</b>", close_dialog=True)

    def away() -> object:
        htmx.tell("Saved")
        return htmx.leave("/list")

    def said() -> str:
        return ",".join(one["text"] for one in htmx.toasts())

    for name, view in (("save", save), ("away", away), ("said", said)):
        app.add_url_rule(f"/{name}", name, view)  # type: ignore[arg-type]
    return app.test_client()


def test_a_browser_gets_the_page_and_htmx_the_block_with_its_macros(client: FlaskClient) -> None:
    assert client.get("/list").text == "<html><p>&lt;青禾&gt;</p></html>"
    assert client.get("/list", headers=PIECE).text == "<p>&lt;青禾&gt;</p>"


def test_the_back_button_gets_the_page(client: FlaskClient) -> None:
    assert client.get("/list", headers=PIECE | {"HX-History-Restore-Request": "true"}).text.startswith("<html>")


def test_a_wrong_form_is_422_both_ways(client: FlaskClient) -> None:
    assert client.get("/wrong").status_code == 422
    assert client.get("/wrong", headers=PIECE).status_code == 422


def test_done_stays_with_a_toast_beside_the_piece(client: FlaskClient) -> None:
    answer = client.get("/save", headers=PIECE)
    assert (answer.status_code, answer.text) == (200, "<b>row</b><toast>Saved</toast>")
    assert answer.headers["HX-Trigger"] == "dialog:close"


def test_done_sends_a_browser_back_and_says_it_there_once(client: FlaskClient) -> None:
    answer = client.get("/save")
    assert (answer.status_code, answer.location) == (303, "/list")
    assert client.get("/said").text == "Saved"
    assert client.get("/said").text == ""


def test_leaving_is_303_or_an_order_to_htmx(client: FlaskClient) -> None:
    assert client.get("/away").status_code == 303
    answer = client.get("/away", headers=PIECE)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/list")
    assert client.get("/said").text == "Saved,Saved"
