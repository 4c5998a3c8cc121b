"""Opportunities in the stage that the file says, closed ones too; found or new, written set-wise."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update

from tenants.customers.customer import Customer
from tenants.imports.belonging import find_contacts, find_customers
from tenants.imports.changing import change, put_search
from tenants.imports.customers import MayNotGive
from tenants.imports.meeting import Met, meet
from tenants.imports.rows import Missing, Row, noon
from tenants.imports.setting import Setting, among, batches
from tenants.pipeline import ranks
from tenants.pipeline.opportunity import BUYERS_BEFORE, FACTS, Opportunity
from tenants.pipeline.pipeline import Stage, stages_in_use
from tenants.pipeline.refusals import LostNeedsReason
from tenants.pipeline.stage_move import StageMove
from tenants.timeline.models import Event
from tenants.values.ids import new_id
from tenants.values.names import search_lexemes
from tenants.values.words import N_, Refusal
from tenants.wall.pour import pour

CHANGED = tuple(sorted(FACTS - {"contact_id"}))


class NotYetClosed(Refusal):
    sentence = N_("That day has not come yet.")


def decide(setting: Setting, rows: list[Row]) -> None:
    first = _first_stage(setting)
    for row in rows:
        row.values.setdefault("stage", first)
        _check(setting, row)
    find_customers(setting, [row for row in rows if row.errors is None])
    good = [row for row in rows if row.errors is None]
    find_contacts(setting, good)
    known = _known(setting, good)
    for row in good:
        meet(setting, row, [_mark(row.values["customer_id"], row.values["name"])], known)


def _check(setting: Setting, row: Row) -> None:
    values, stage = row.values, row.values["stage"]
    if values.get("owner") not in (None, setting.actor.id) and not setting.actor.may("opportunity.transfer"):
        row.fail("owner", MayNotGive())
    if stage.kind == "lost" and not values.get("lost_reason") and row.errors is None:
        row.fail("lost_reason", LostNeedsReason())
    if "closed_on" in values and noon(values["closed_on"], setting.world.zone) > setting.at + dt.timedelta(days=1):
        row.fail("closed_on", NotYetClosed())
    if "amount" not in values and row.errors is None:
        row.fail("amount", Missing())


def _first_stage(setting: Setting) -> Stage:
    return next(stage for stages in stages_in_use(setting.session).values() for stage in stages if stage.is_open)


def _known(setting: Setting, rows: Sequence[Row]) -> Met:
    found: Met = {}
    for part in batches(list({row.values["customer_id"] for row in rows})):
        query = select(Opportunity.id, Opportunity.customer_id, Opportunity.name)
        theirs = query.where(among(Opportunity.customer_id, part), Opportunity.deleted_at.is_(None)).order_by(Opportunity.id)
        for key, customer, name in setting.session.execute(theirs):
            found.setdefault(_mark(customer, name), key)
    return found


def _mark(customer_id: uuid.UUID, name: str) -> tuple[uuid.UUID, str]:
    """The same name at the same customer."""
    return customer_id, name.strip().lower()


def write(setting: Setting, rows: list[Row]) -> None:
    new = [row for row in rows if row.action == "create"]
    lowest: dict[uuid.UUID, str | None] = dict(
        setting.session.execute(
            select(Opportunity.stage_id, func.min(Opportunity.rank)).where(Opportunity.deleted_at.is_(None)).group_by(Opportunity.stage_id)
        ).all()
    )
    for part in batches(new):
        for row in part:
            row.target = new_id()
            stage: Stage = row.values["stage"]
            lowest[stage.id] = row.values["rank"] = ranks.between(None, lowest.get(stage.id))
        pour(setting.session, Opportunity, (_opportunity(setting, row) for row in part))
        pour(setting.session, StageMove, (_move(setting, row) for row in part))
        pour(setting.session, Event, ({"id": new_id()} | _event(setting, row) for row in part))
        setting.step(len(part))
    _change(setting, [row for row in rows if row.action == "update"], {row.number: row.target for row in rows})
    _have_bought(setting, [row for row in new if row.values["stage"].kind == "won"])


def _closed_at(setting: Setting, row: Row) -> dt.datetime | None:
    if row.values["stage"].is_open:
        return None
    day = row.values.get("closed_on") or row.values.get("expected_close_on")
    return min(noon(day, setting.world.zone), setting.at) if day else setting.at


def _opportunity(setting: Setting, row: Row) -> dict[str, Any]:
    values, stage = row.values, row.values["stage"]
    closed_at = _closed_at(setting, row)
    probability = values.get("probability")
    return {
        "id": row.target,
        "customer_id": values["customer_id"],
        "contact_id": values.get("contact_id"),
        "pipeline_id": stage.pipeline_id,
        "stage_id": stage.id,
        "stage_since": closed_at or setting.at,
        "outcome": stage.kind,
        "name": values["name"],
        "amount": values["amount"],
        "probability": stage.probability if probability is None or not stage.is_open else probability,
        "expected_close_on": values.get("expected_close_on"),
        "source": values.get("source"),
        "products": values.get("products"),
        "remark": _remark(setting, row),
        "lost_reason_id": values.get("lost_reason") if stage.kind == "lost" else None,
        "closed_at": closed_at,
        "rank": values["rank"],
        "owner_id": values.get("owner") or setting.options.owner_id or setting.actor.id,
        "search": search_lexemes(values["name"], values.get("products")),
        **setting.stamps,
    }


def _remark(setting: Setting, row: Row) -> str | None:
    """With the name of a contact whom we do not know."""
    notes = [row.values["remark"]] if row.values.get("remark") else []
    if row.values.get("contact") and not row.values.get("contact_id"):
        notes.append(setting.options.words.get("contact", "%(name)s") % {"name": row.values["contact"]})
    return "\n".join(notes) or None


def _move(setting: Setting, row: Row) -> dict[str, Any]:
    entered = _closed_at(setting, row) or setting.at
    stage_id = row.values["stage"].id
    return {"id": new_id(), "opportunity_id": row.target, "stage_id": stage_id, "member_id": setting.actor.id, "entered_at": entered}


def _event(setting: Setting, row: Row) -> dict[str, Any]:
    values = row.values
    told = {"name": values["name"], "stage": values["stage"].name, "amount": str(Decimal(values["amount"]))}
    about = {"opportunity_id": row.target or uuid.UUID(int=0), "subject_id": row.target or uuid.UUID(int=0)}
    return setting.event("opportunity.created", customer_id=values["customer_id"], data=told, **about)


def _change(setting: Setting, rows: list[Row], targets: dict[int, uuid.UUID | None]) -> None:
    """Facts alone: a stage is changed where one says why. The probability of a closed one is no matter of opinion."""
    told: list[dict[str, Any]] = []
    for row in rows:
        row.target = row.target or targets[(row.data or {})["row"]]
    for part in batches(rows):
        open_ones = set(
            setting.session.scalars(
                select(Opportunity.id).where(among(Opportunity.id, [row.target for row in part if row.target]), Opportunity.outcome == "open")
            )
        )
        for row in part:
            if row.target not in open_ones:
                row.values.pop("probability", None)
        of = {row.target: row for row in part}
        changed = change(setting, Opportunity, CHANGED, part)
        refresh_opportunities(setting, [key for key, changes in changed.items() if changes.keys() & {"name", "products"}])
        for key, changes in changed.items():
            about = {"customer_id": of[key].values["customer_id"], "opportunity_id": key, "subject_id": key}
            told.append(setting.event("opportunity.edited", data={"name": of[key].values["name"], "changes": changes}, **about))
        setting.step(len(part))
    pour(setting.session, Event, [{"id": new_id()} | event for event in told])


def refresh_opportunities(setting: Setting, ids: Sequence[uuid.UUID]) -> None:
    query = select(Opportunity.id, Opportunity.name, Opportunity.products).where(among(Opportunity.id, ids)).order_by(Opportunity.id)
    found = setting.session.execute(query).all()
    put_search(setting.session, Opportunity, [{"key": key, "search": search_lexemes(name, products)} for key, name, products in found])


def _have_bought(setting: Setting, rows: Sequence[Row]) -> None:
    """Customers to whom something was sold are regular ones at least."""
    told: list[dict[str, Any]] = []
    for part in batches(sorted({row.values["customer_id"] for row in rows})):
        query = select(Customer.id, Customer.status, Customer.status_since).where(among(Customer.id, part), Customer.status.in_(BUYERS_BEFORE))
        before = setting.session.execute(query.order_by(Customer.id).with_for_update(key_share=True)).all()
        its = update(Customer).where(among(Customer.id, [one.id for one in before]))
        values = {"status": "regular", "status_since": setting.at, "updated_at": setting.at, "version": Customer.version + 1}
        setting.session.execute(its.values(**values).execution_options(synchronize_session=False))
        for one in before:
            data = {"status": [one.status, "regular"], "days": (setting.at - one.status_since).days}
            told.append(setting.event("customer.status", customer_id=one.id, data=data))
    pour(setting.session, Event, [{"id": new_id()} | event for event in told])
