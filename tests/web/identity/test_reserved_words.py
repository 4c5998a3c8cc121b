"""A company cannot be called like one of our own pages."""

from flask import Flask

from saas.registry.slugs import RESERVED, SLUG


def first_words(app: Flask) -> set[str]:
    firsts = {rule.rule.strip("/").partition("/")[0] for rule in app.url_map.iter_rules()}
    return {first for first in firsts if first and "<" not in first}


def test_the_first_word_of_every_public_route_is_reserved(app: Flask) -> None:
    could_be_companies = {word for word in first_words(app) if SLUG.fullmatch(word)}
    assert could_be_companies - RESERVED == set()
    assert could_be_companies, "there are such words: healthz, static, sign-in"
