"""工作台: the home page. What waits, how it goes, what to do now."""

import datetime as dt
from typing import cast, get_args

from flask import request, url_for
from flask.typing import ResponseReturnValue

from tenants.insights.brief import brief
from tenants.insights.queries import forgotten, funnel, ranking_and_trend, tasks
from tenants.team.scope import people
from tenants.values.calendars import working_day_of_month
from tenants.values.periods import Kind, Period
from tenants.workspace import settings
from web.tenancy import tenant_pages
from web.ui.days import month_name
from web.ui.htmx import leave, page
from web.visit import here, permit
from web.workbench.first_steps import first_steps
from web.workbench.ways import ways
from web.workbench.words import GREETINGS, MEANS, PERIODS

pages = tenant_pages("workbench", __name__)


@pages.get("/")
def show() -> ResponseReturnValue:
    """Charts get floats: they draw, they do not reckon."""
    visit = here()
    now = visit.now.astimezone(visit.zone)
    period = Period.around(now, period_asked())
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    figures = brief(visit.session, visit.actor, period)
    sees_pipeline = visit.actor.may("opportunity.read")
    ranking, trend = ranking_and_trend(visit.session, visit.actor, period) if sees_pipeline else ([], [])
    return page(
        "workbench/show.html",
        brief=figures,
        first_steps=first_steps(figures.first_steps),
        tasks=tasks(visit.session, visit.actor, tomorrow),
        funnel=funnel(visit.session, visit.actor) if sees_pipeline else [],
        ranking=ranking,
        trend=trend,
        trend_labels=[month_name(rank.month) for rank in trend if rank.month],
        trend_values=[float(rank.amount) for rank in trend],
        forgotten=forgotten(visit.session, visit.actor, tomorrow - dt.timedelta(days=1)),
        period=period,
        periods=PERIODS,
        means=MEANS,
        greeting=GREETINGS[(now.hour >= 5) + (now.hour >= 11) + (now.hour >= 13) + (now.hour >= 18)],
        working_day=working_day_of_month(now.date()),
        ways=ways(own=people(visit.actor, "customer") == (visit.actor.id,)),
        now=now,
    )


@pages.post("/first-steps/dismissal")
def dismissal() -> ResponseReturnValue:
    """The first steps are put away for the whole company."""
    permit("settings.company")
    settings.write(here().session, "first_steps", {"dismissed": True}, at=here().now)
    return leave(url_for(".show"))


def period_asked() -> Kind:
    asked = request.args.get("period", "month")
    return cast(Kind, asked) if asked in get_args(Kind) else "month"
