"""A row meets what it may be: a record that the firm has, or a row before it in the file."""

import uuid
from collections.abc import Hashable, Sequence

from tenants.imports.rows import Row
from tenants.imports.setting import Setting

Met = dict[Hashable, uuid.UUID | Row]  # by each mark that one knows it again by


def meet(setting: Setting, row: Row, marks: Sequence[Hashable], known: Met) -> None:
    """Says what becomes of the row; one that is new is known from now on."""
    policy = setting.options.policy
    found = next((known[mark] for mark in marks if mark in known), None)
    if found is None or policy == "create":
        for mark in marks:
            known.setdefault(mark, row)
        return
    row.action = policy
    if isinstance(found, Row):
        row.data = {"row": found.number}
    else:
        row.target = found
