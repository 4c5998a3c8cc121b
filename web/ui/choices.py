"""What a select offers."""

from collections.abc import Iterable

from wtforms.fields.choices import SelectChoice

EMPTY = ("", "—")


def offered(*pairs: tuple[str, object]) -> list[SelectChoice]:
    """Of pairs of code and label."""
    return [SelectChoice(code, str(label)) for code, label in pairs]


def offered_of(options: Iterable[tuple[str, object]], *, empty: bool = False) -> list[SelectChoice]:
    return offered(*([EMPTY] if empty else []), *options)
