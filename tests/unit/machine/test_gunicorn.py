"""What a web worker does before the first request comes."""

import threading

import pytest

from tenants.values import names
from web import gunicorn


def test_a_worker_reads_the_dictionary_of_pinyin_before_anybody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(names, "pinyin", asked.append)
    gunicorn.post_worker_init(None)
    for thread in threading.enumerate():
        if thread.name == "pinyin":
            thread.join()
    assert asked == ["租客"]
