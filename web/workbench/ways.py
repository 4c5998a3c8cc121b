"""From a number to the list behind it."""

from web.ui.links import way


def ways(*, own: bool) -> dict[str, str | None]:
    """By the name of the count in `Brief`; each list shows as many rows as the number says. `own`: the numbers are of one's own work only."""
    scene = "mine" if own else "all"
    return {
        "overdue_contacts": way("customers.index", scene=scene, next="overdue"),
        "contacts_today": way("customers.index", scene=scene, next="today"),
        "overdue_plans": way("plans.index", _anchor="todo-overdue"),
        "plans_today": way("plans.index", _anchor="todo-today"),
        "late_closings": way("opportunities.index", close="overdue"),
        "given_to_me": way("customers.index", scene="mine", given="week"),
        "board": way("opportunities.board"),
        "duplicates": way("customers.duplicates"),
        "forgotten": way("customers.index", scene=scene, forgotten="1"),
    }
