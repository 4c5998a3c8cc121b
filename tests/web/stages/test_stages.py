"""Settings: pipelines, stages in their order, probabilities, reasons for losing. For those who hold settings.stages."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.pipeline.models import LostReason, Opportunity, Pipeline, Stage, StageMove
from tenants.pipeline.pipeline import stages_in_use
from tenants.timeline.models import Event
from tests.web.opportunities.play import ALICES, BOBS, fresh, stage_id, text
from tests.world.door import Guest

Door = Callable[[str], Guest]
OPEN = ["Prospecting", "Needs clear", "Proposal", "Negotiation", "Contract approval"]
CLOSED = ["Won", "Lost", "Invalid"]


def names(session: Session) -> list[str]:
    session.rollback()
    return [stage.name for stage in next(iter(stages_in_use(session).values()))]


def pipeline(session: Session) -> Pipeline:
    return session.scalars(select(Pipeline).order_by(Pipeline.position)).all()[0]


def stage_data(**data: Any) -> dict[str, Any]:
    return {"name": "Trial", "probability": "40", "slow_after": "7"} | data


def test_the_page_shows_stages_and_reasons(client_of: Door) -> None:
    said = text(client_of("alice").get("settings/stages"))
    assert [said.index(f">{name}</a>") for name in OPEN + CLOSED] == sorted(said.index(f">{name}</a>") for name in OPEN + CLOSED)
    assert "Chose a rival" in said


@pytest.mark.parametrize("name", ["mei", "bob", "rhea"])
def test_others_are_refused(client_of: Door, inside_alpha: Session, name: str) -> None:
    client = client_of(name)
    assert client.get("settings/stages").status_code == 403
    assert client.post(f"settings/stages/new?pipeline={pipeline(inside_alpha).id}", data=stage_data()).status_code == 403
    assert names(inside_alpha) == OPEN + CLOSED


def test_a_stage_is_added_before_the_closing_ones(client_of: Door, inside_alpha: Session) -> None:
    alice, where = client_of("alice"), f"settings/stages/new?pipeline={pipeline(inside_alpha).id}"
    assert alice.post(where, data=stage_data()).status_code == 303
    assert names(inside_alpha) == [*OPEN, "Trial", *CLOSED]
    again = alice.post(where, data=stage_data(name="trial"))
    assert again.status_code == 422 and "There is already a stage called “trial”" in text(again)
    assert 'data-stage-name="Trial"' in text(alice.get("opportunities"))


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"probability": "101"}, {"probability": "-1"}, {"slow_after": "0"}, {"slow_after": "x"}, {"name": "n" * 41}]
)
def test_a_wrong_stage_is_refused(client_of: Door, inside_alpha: Session, wrong: dict[str, str]) -> None:
    alice = client_of("alice")
    assert alice.post(f"settings/stages/new?pipeline={pipeline(inside_alpha).id}", data=stage_data(**wrong)).status_code == 422
    assert alice.post(f"settings/stages/{stage_id(inside_alpha, 'Proposal')}", data=stage_data(**wrong)).status_code == 422
    assert names(inside_alpha) == OPEN + CLOSED


def test_opportunities_go_along_with_a_new_probability_unless_set_by_hand(client_of: Door, inside_alpha: Session) -> None:
    inside_alpha.get_one(Opportunity, ALICES).probability = 77
    inside_alpha.commit()
    answer = client_of("alice").post(f"settings/stages/{stage_id(inside_alpha, 'Prospecting')}", data=stage_data(name="First", probability="15"))
    assert answer.status_code == 303
    assert (fresh(inside_alpha, BOBS).probability, fresh(inside_alpha, ALICES).probability) == (15, 77)


def test_a_closing_stage_keeps_its_kind_and_probability(client_of: Door, inside_alpha: Session) -> None:
    alice, won = client_of("alice"), stage_id(inside_alpha, "Won")
    assert alice.post(f"settings/stages/{won}", data=stage_data(name="Sold")).status_code == 303
    inside_alpha.rollback()
    stage = inside_alpha.get_one(Stage, won)
    assert (stage.name, stage.kind, stage.probability) == ("Sold", "won", 100)
    assert alice.post(f"settings/stages/{won}/removal", data={"sure": "1"}).status_code == 422
    assert alice.post(f"settings/stages/{won}/place", data={"position": "0"}).status_code == 422


@pytest.mark.parametrize(("position", "order"), [(0, [2, 0, 1, 3, 4]), (4, [0, 1, 3, 4, 2]), (999, [0, 1, 3, 4, 2]), (2, [0, 1, 2, 3, 4])])
def test_stages_are_put_in_order(client_of: Door, inside_alpha: Session, position: int, order: list[int]) -> None:
    answer = client_of("alice").post(f"settings/stages/{stage_id(inside_alpha, 'Proposal')}/place", data={"position": position}, htmx=True)
    assert answer.status_code == 200 and "<html" not in text(answer)
    assert names(inside_alpha) == [OPEN[index] for index in order] + CLOSED


@pytest.mark.parametrize("position", ["", "x", "-1", "1000"])
def test_a_place_that_is_none_is_refused(client_of: Door, inside_alpha: Session, position: str) -> None:
    assert client_of("alice").post(f"settings/stages/{stage_id(inside_alpha, 'Proposal')}/place", data={"position": position}).status_code == 400


def test_a_stage_with_opportunities_asks_where_they_go(client_of: Door, inside_alpha: Session) -> None:
    alice, first, target = client_of("alice"), stage_id(inside_alpha, "Prospecting"), stage_id(inside_alpha, "Proposal")
    asked = text(alice.get(f"settings/stages/{first}/removal"))
    assert "There are opportunities in it." in asked and str(target) in asked and str(stage_id(inside_alpha, "Won")) not in asked
    assert alice.post(f"settings/stages/{first}/removal", data={"into": ""}).status_code == 422
    assert alice.post(f"settings/stages/{first}/removal", data={"into": str(first)}).status_code == 422
    assert names(inside_alpha) == OPEN + CLOSED
    assert alice.post(f"settings/stages/{first}/removal", data={"into": str(target)}).status_code == 303
    assert names(inside_alpha) == OPEN[1:] + CLOSED
    for key in (ALICES, BOBS):
        assert fresh(inside_alpha, key).stage_id == target
        stays = inside_alpha.scalars(select(StageMove).where(StageMove.opportunity_id == key).order_by(StageMove.entered_at)).all()
        assert [stay.stage_id for stay in stays] == [first, target] and stays[0].left_at == stays[1].entered_at
        told = inside_alpha.scalars(select(Event).where(Event.opportunity_id == key, Event.kind == "opportunity.moved")).one()
        assert (told.data["from"], told.data["to"]) == ("Prospecting", "Proposal")
    assert "Prospecting" in text(alice.get(f"opportunities/{BOBS}")), "the history keeps the name of a stage that has gone"


def test_one_open_stage_remains(client_of: Door, inside_alpha: Session) -> None:
    alice, last = client_of("alice"), stage_id(inside_alpha, "Prospecting")
    for name in OPEN[1:]:
        assert alice.post(f"settings/stages/{stage_id(inside_alpha, name)}/removal", data={"sure": "1"}).status_code == 303
    assert alice.post(f"settings/stages/{last}/removal", data={"sure": "1"}).status_code == 422
    assert names(inside_alpha) == [OPEN[0], *CLOSED]


def test_a_second_pipeline_begins_as_a_copy_and_has_a_board_of_its_own(client_of: Door, inside_alpha: Session) -> None:
    alice, first = client_of("alice"), pipeline(inside_alpha).id
    assert alice.post("settings/pipelines/new", data={"name": "Renewals", "like": str(first)}).status_code == 303
    arranged = {one.name: [stage.name for stage in stages] for one, stages in stages_in_use(inside_alpha).items()}
    assert arranged == {"Sales pipeline": OPEN + CLOSED, "Renewals": OPEN + CLOSED}
    second = next(one for one in stages_in_use(inside_alpha) if one.name == "Renewals")
    assert "No opportunities yet" in text(alice.get(f"opportunities?pipeline={second.id}"))
    assert alice.post("settings/pipelines/new", data={"name": "renewals", "like": str(first)}).status_code == 422
    assert alice.post(f"settings/pipelines/{second.id}", data={"name": "Service"}).status_code == 303
    assert "Service" in text(alice.get("settings/stages"))


def test_a_pipeline_is_archived_when_its_opportunities_have_somewhere_to_go(client_of: Door, inside_alpha: Session) -> None:
    alice, first = client_of("alice"), pipeline(inside_alpha)
    assert alice.post(f"settings/pipelines/{first.id}/archive", data={"sure": "1"}).status_code == 422, "it is the only one"
    alice.post("settings/pipelines/new", data={"name": "Renewals", "like": str(first.id)})
    target = next(stages[1] for one, stages in stages_in_use(inside_alpha).items() if one.name == "Renewals")
    assert alice.post(f"settings/pipelines/{first.id}/archive", data={"into": ""}).status_code == 422
    assert alice.post(f"settings/pipelines/{first.id}/archive", data={"into": str(target.id)}).status_code == 303
    assert (fresh(inside_alpha).pipeline_id, fresh(inside_alpha).stage_id) == (target.pipeline_id, target.id)
    assert [one.name for one in stages_in_use(inside_alpha)] == ["Renewals"]
    assert "Use again" in text(alice.get("settings/stages"))
    assert alice.post(f"settings/pipelines/{first.id}/restoration").status_code == 303
    inside_alpha.rollback()
    assert len(stages_in_use(inside_alpha)) == 2


def test_reasons_are_kept(client_of: Door, inside_alpha: Session) -> None:
    alice = client_of("alice")
    assert alice.post("settings/reasons/new", data={"name": "Too slow"}).status_code == 303
    assert alice.post("settings/reasons/new", data={"name": "too slow"}).status_code == 422
    assert alice.post("settings/reasons/new", data={"name": " "}).status_code == 422
    reason = inside_alpha.scalars(select(LostReason).where(LostReason.name == "Too slow")).one()
    assert alice.post(f"settings/reasons/{reason.id}", data={"name": "We were slow"}).status_code == 303
    assert "We were slow" in text(client_of("bob").get(f"opportunities/{BOBS}/loss"))
    assert alice.post(f"settings/reasons/{reason.id}/removal").status_code == 303
    assert "We were slow" not in text(client_of("bob").get(f"opportunities/{BOBS}/loss"))
    assert alice.post(f"settings/reasons/{reason.id}/restoration").status_code == 303
    assert "We were slow" in text(client_of("bob").get(f"opportunities/{BOBS}/loss"))
    assert client_of("mei").post(f"settings/reasons/{reason.id}/removal").status_code == 403


def test_the_last_reason_remains(client_of: Door, inside_alpha: Session) -> None:
    alice = client_of("alice")
    for reason in inside_alpha.scalars(select(LostReason)).all():
        alice.post(f"settings/reasons/{reason.id}/removal")
    inside_alpha.rollback()
    assert len(inside_alpha.scalars(select(LostReason).where(LostReason.archived_at.is_(None))).all()) == 1


@pytest.mark.parametrize(
    "path", ["settings/stages/{}", "settings/stages/{}/removal", "settings/pipelines/{}", "settings/pipelines/{}/archive", "settings/reasons/{}"]
)
def test_what_does_not_exist_is_not_found(client_of: Door, path: str) -> None:
    assert client_of("alice").get(path.format(uuid.uuid4())).status_code == 404
    assert client_of("alice").get(path.format(BOBS)).status_code == 404
