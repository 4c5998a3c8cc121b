"""The forecast: what may be hoped for, amounts weighted by probability, month by month, by person or by team. Each figure leads to its list."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from babel.dates import format_skeleton
from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy import select

from tenants.pipeline.forecast import Line, Part, fold, parts
from tenants.pipeline.pipeline import stages_in_use
from tenants.team.models import Member, Team
from tenants.values.periods import add_months
from web.opportunities.filters import Filters, read_filters
from web.opportunities.views import pages
from web.ui.htmx import page
from web.visit import here, permit

AHEAD = 12  # months that have a row of their own
BY = ("month", "owner", "team")


@dataclass(frozen=True, slots=True)
class Row:
    """`open_url` and `won_url` lead to the lists behind the figures."""

    label: str
    line: Line
    open_url: str
    won_url: str


@pages.get("/opportunities/forecast")
def forecast() -> ResponseReturnValue:
    permit("opportunity.read")
    visit, filters, by = here(), read_filters(), request.args.get("by", "month")
    if by not in BY:
        abort(400)
    pipelines = [*stages_in_use(visit.session)]
    found = parts(visit.session, filters.wanted, visit.actor, visit.zone)
    rows = {"month": by_month, "owner": by_owner, "team": by_team}[by](found, filters)
    sums = fold(found, lambda _: None).get(None, Line())
    return page(
        "opportunities/forecast.html",
        piece="figures",
        rows=rows,
        weighted=[float(row.line.open.weighted) for row in rows],
        won=[float(row.line.won.amount) for row in rows],
        sums=sums,
        by=by,
        filters=filters,
        pipelines=pipelines,
        pipeline=next((one for one in pipelines if one.id == filters.wanted.pipeline_id), None),
        open_url=_list(filters, outcome="open"),
        won_url=_list(filters, outcome="won"),
    )


def by_month(found: list[Part], filters: Filters) -> list[Row]:
    """Earlier, each month from this one on, later, no date: rows that would be empty at the edges are left out."""
    now = here().today.replace(day=1)
    last = add_months(now, AHEAD)
    lines = fold(found, lambda part: _month_key(part.month, now, last))
    months = [month for month in lines if isinstance(month, dt.date)]
    shown = [add_months(now, step) for step in range(_months_between(now, max(months)) + 1)] if months else []
    rows = [_row(gettext("Earlier"), lines["earlier"], filters, **_within(filters, None, _before(now)))] if "earlier" in lines else []
    for month in shown:
        rows.append(_row(month_name(month), lines.get(month, Line()), filters, **_within(filters, month, _before(add_months(month, 1)))))
    if "later" in lines:
        rows.append(_row(gettext("Later"), lines["later"], filters, **_within(filters, last, None)))
    if "none" in lines:
        rows.append(_row(gettext("No date"), lines["none"], filters, close="none"))
    return rows


def by_owner(found: list[Part], filters: Filters) -> list[Row]:
    names = dict(here().session.execute(select(Member.id, Member.name)).all())
    lines = fold(found, lambda part: part.owner_id)
    rows = [_row(names.get(key, "—") if key else gettext("Nobody"), line, filters, owner=key or "nobody") for key, line in lines.items()]
    return _largest_first(rows)


def by_team(found: list[Part], filters: Filters) -> list[Row]:
    query = select(Member.id, Team.id, Team.name).join(Team, Team.id == Member.team_id)
    teams = {member: (team, name) for member, team, name in here().session.execute(query)}
    lines = fold(found, lambda part: teams.get(part.owner_id) if part.owner_id else None)
    rows = [_row(key[1] if key else gettext("In no team"), line, filters, team=key[0] if key else "none") for key, line in lines.items()]
    return _largest_first(rows)


def month_name(month: dt.date) -> str:
    """2026年11月, Nov 2026."""
    return format_skeleton("yMMM", month, locale=get_locale() or "zh_Hans_CN")


def _within(filters: Filters, first: dt.date | None, last: dt.date | None) -> dict[str, dt.date | None]:
    """The days of a row, as far as they lie in those that the page asks for."""
    firsts = [day for day in (first, filters.wanted.closing_from) if day]
    lasts = [day for day in (last, filters.wanted.closing_to) if day]
    return {"from": max(firsts, default=None), "to": min(lasts, default=None)}


def _row(label: str, line: Line, filters: Filters, **narrower: Any) -> Row:
    return Row(label, line, _list(filters, outcome="open", **narrower), _list(filters, outcome="won", **narrower))


def _list(filters: Filters, **changes: Any) -> str:
    """The list with these filters as well. A span of the row's own replaces a wider one of the page's."""
    args: dict[str, Any] = dict(filters.args)
    if changes.keys() & {"from", "to", "close"}:
        for name in ("from", "to", "close"):
            args.pop(name, None)
    return url_for("opportunities.index", **(args | changes))


def _largest_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.line.open.weighted, -row.line.won.amount, row.label))


def _month_key(month: dt.date | None, now: dt.date, last: dt.date) -> dt.date | str:
    if month is None:
        return "none"
    return "earlier" if month < now else "later" if month >= last else month


def _months_between(first: dt.date, last: dt.date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _before(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=1)
