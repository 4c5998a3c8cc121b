"""What the domain says to people: message ids in English, translated at the door."""

from typing import Any, ClassVar


def N_(message: str) -> str:
    """Marks a message id for extraction; the text itself is translated where it is shown."""
    return message


class Refusal(Exception):
    """The domain says no. A subclass is named as a sentence and gives its `sentence`, whose %(placeholders)s are keyword arguments."""

    sentence: ClassVar[str] = N_("That cannot be done.")

    def __init__(self, **params: Any) -> None:
        super().__init__()
        self.params = params

    def __str__(self) -> str:
        return self.sentence % self.params if self.params else self.sentence
