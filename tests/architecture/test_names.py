"""The same word everywhere: what one place calls by name must be there under that name."""

import importlib
import re
from pathlib import Path

from flask import Flask

from saas.registry.slugs import RESERVED, SLUG
from workers import answers, queues


def test_our_own_words_are_no_companys_name(app: Flask) -> None:
    """A company called "static" would never be reached."""
    words = {str(rule.rule).strip("/").split("/")[0] for rule in app.url_map.iter_rules() if not rule.rule.startswith("/<")}
    assert {word for word in words if SLUG.fullmatch(word)} - RESERVED == set()


def test_the_doorbell_and_the_sweeper_ring_at_doors_that_exist() -> None:
    doorbell, sweeper = (importlib.import_module(name) for name in ("web.doorbell", "workers.sweeper"))
    for module in (doorbell, sweeper):
        source = Path(module.__file__ or "").read_text()
        [job] = re.findall(r'"(workers\.jobs\.\w+\.\w+)"', source)
        room, _, function = job.rpartition(".")
        assert callable(getattr(importlib.import_module(room), function))
    assert f'"{queues.SHORT}"' in Path(doorbell.__file__ or "").read_text()


def test_every_bell_that_is_rung_has_an_answer() -> None:
    from saas.cells.vacancies import REFILL
    from tenants.wall.outbox import BELL

    assert {BELL, REFILL} <= set(answers.ANSWERS)
