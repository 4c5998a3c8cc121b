"""The bells of this room."""

REMINDERS = "reminders"  # a plan or a promised contact falls due
DIGEST = "digest"  # somebody's morning
