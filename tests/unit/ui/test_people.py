"""One or two letters for a name."""

import pytest

from web.ui.people import firm_initial, initial


@pytest.mark.parametrize(("name", "letters"), [("王芳", "芳"), ("Alice Chen", "AC"), ("bob", "B"), ("", "·"), (None, "·")])
def test_a_person_is_known_by_the_given_name(name: str | None, letters: str) -> None:
    assert initial(name) == letters


@pytest.mark.parametrize(("name", "letter"), [("杭州西湖茶叶有限公司", "杭"), ("fernhill Supply", "F"), (" ", "·")])
def test_a_firm_by_its_beginning(name: str, letter: str) -> None:
    assert firm_initial(name) == letter
