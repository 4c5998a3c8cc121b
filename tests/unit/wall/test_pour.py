"""Lexemes as the text of a tsvector."""

import pytest

from tenants.wall.pour import vector


@pytest.mark.parametrize(
    ("lexemes", "text"), [([], ""), (["青禾"], "'青禾'"), (["a", "b c"], "'a' 'b c'"), (["o'brien", "a\\b", "' '"], "'o''brien' 'a\\\\b' ''' '''")]
)
def test_lexemes_become_a_vector(lexemes: list[str], text: str) -> None:
    assert vector(lexemes) == text
