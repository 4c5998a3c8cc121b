"""Why a grade has changed, told from what its event keeps."""

from flask import Flask

from tenants.scoring.defaults import default_scheme
from web.scoring.words import changed_points


def test_the_rules_whose_points_changed_are_named(_app: Flask) -> None:
    talks = next(rule for rule in default_scheme("customer").rules if rule.kind == "talks")
    with _app.test_request_context(headers={"Accept-Language": "en"}):
        told = changed_points({"why": [{"rule": talks.plain(), "points": [0, 12]}, {"rule": talks.plain() | {"kind": "moon"}, "points": [0, 1]}]})
        assert told == "Follow-ups within 30 days: +3 points each, at most 5 counted (0 → +12)"
        assert changed_points({"rules_changed": True, "why": []}) == "The rules were changed."
        assert changed_points({}) == ""
