"""${message}.

Works with the release before: add, fill, and only in a later release take away. No lock for longer than 4 s.
"""

from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
