"""Every kind of event has an icon and a sentence, in both languages, whatever its data lack."""

import datetime as dt
import re
import uuid
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from tenants.customers.contact import FIELDS as CONTACT_FIELDS
from tenants.customers.customer import FIELDS as CUSTOMER_FIELDS
from tenants.timeline.queries import Entry
from web.timeline.fields import LABELS, changes_of, in_words
from web.timeline.sentences import KINDS, told
from web.ui.icons import ICONS

ROOT = Path(__file__).parents[3]
SAID = re.compile(r'record\(\s*session,\s*"([a-z]+\.[a-z]+)"')
FULL = {
    "name": "Pumps", "names": ["Bob", "Mei"], "status": ["target", "vip"], "days": 3, "period": "2026Q4", "grade": ["B", "A"], "added": ["Key"],
    "amount": "1200.00", "from": "Proposal", "to": "Negotiation", "reason": "Price", "due_at": "2026-11-24T01:00:00+00:00", "may_write": True,
    "changes": {"industry": [None, "Pumps"], "due_at": ["2026-11-24T01:00:00+00:00", "2026-11-25T01:00:00+00:00"], "owner_id": [None, "x"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def flask() -> Flask:
    app = Flask("web")
    Babel(app, default_locale="en", default_translation_directories=str(ROOT / "web" / "translations"))
    return app


def entry(kind: str, data: dict[str, object]) -> Entry:
    at, key = dt.datetime(2026, 11, 22, tzinfo=dt.UTC), uuid.uuid4()
    return Entry(key, at, kind, None, key, None, None, data, *[None] * 12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", [{}, FULL])
def test_it_is_told_in_both_languages(flask: Flask, kind: str, data: dict[str, object]) -> None:
    with flask.test_request_context():
        sentences = set()
        for locale in ("en", "zh_Hans_CN"):
            with force_locale(locale):
                words = told(entry(kind, data))
                assert words.icon in ICONS
                assert words.sentence
                assert "%(" not in words.sentence
                sentences.add(words.sentence)
        assert len(sentences) == 2, "it has no Chinese"


def test_every_kind_that_the_house_records_about_customers_is_told() -> None:
    said = {kind for path in (ROOT / "tenants").rglob("*.py") for kind in SAID.findall(path.read_text())}
    about = {
        kind for kind in said if kind.split(".")[0] in {"customer", "contact", "followup", "plan", "opportunity", "attachment", "member", "sample"}
    }
    assert about >= {"customer.created", "customer.transferred", "contact.edited", "member.joined"}, "the pattern no longer finds them"
    assert about - set(KINDS) == set()


def test_a_kind_of_a_newer_release_is_told_by_its_name(flask: Flask) -> None:
    with flask.test_request_context():
        assert told(entry("robot.arrived", {})).sentence == "robot.arrived"


def test_every_field_that_may_change_has_a_name() -> None:
    assert {*CUSTOMER_FIELDS, *CONTACT_FIELDS} - set(LABELS) == set()


def test_changes_are_told_in_words_and_ids_are_not_shown(flask: Flask) -> None:
    with flask.test_request_context():
        changes = {change.label: (change.old, change.new) for change in changes_of({"changes": {"size": [None, "20-99"], "owner_id": ["a", "b"]}})}
    assert changes == {"Size": ("—", "20–99 people"), "Owner": (None, None)}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("amount", "1200.5", "¥1,200.50"),
        ("amount", "much", "much"),
        ("is_decision_maker", True, "Yes"),
        ("birthday", "1980-02-29", "1980-02-29"),
        ("due_at", "not a day", "not a day"),
        ("mobile", "+8613857182046", "138 5718 2046"),
        ("remark", "x" * 200, "x" * 79 + "…"),
        ("probability", 30, "30%"),
        ("remark", "", "—"),
    ],
)
def test_values_are_read_as_people_write_them(flask: Flask, field: str, value: object, words: str) -> None:
    with flask.test_request_context():
        assert in_words(field, value) == words
