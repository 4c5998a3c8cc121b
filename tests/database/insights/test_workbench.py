import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenants.insights.brief import brief
from tenants.insights.queries import forgotten, funnel, ranking_and_trend, tasks
from tenants.team.actor import Actor
from tenants.values.periods import Period

def test_smoke(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    for actor in (alice, bob):
        now = dt.datetime(2026, 1, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        period = Period.around(now, "month")
        print(brief(inside_alpha, actor, period))
        print(tasks(inside_alpha, actor, now))
        print(funnel(inside_alpha, actor))
        print(ranking_and_trend(inside_alpha, actor, period))
        print(forgotten(inside_alpha, actor, now))
