"""Moving a card: by drag, by plain form, refused, clashing, taken back; the closing stages ask first."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.pipeline.models import Opportunity, Stage
from tests.web.opportunities.play import ALICES, BOBS, fresh, move, stage_id, text
from tests.world.door import Guest

Door = Callable[[str], Guest]


def test_a_drag_answers_the_card_and_the_heads_of_both_columns(client_of: Door, inside_alpha: Session) -> None:
    before, to = fresh(inside_alpha).stage_id, stage_id(inside_alpha, "Proposal")
    answer = move(client_of("bob"), BOBS, to, version=1)
    said = text(answer)
    assert answer.status_code == 200
    assert f'id="card-{BOBS}"' in said
    assert f'hx-target="#head-{before}"' in said and f'hx-target="#head-{to}"' in said
    assert said.count("<hx-partial") == 3, "two heads and a toast"
    assert "version=2" in said, "the card that comes back speaks of the new version"
    assert (fresh(inside_alpha).stage_id, fresh(inside_alpha).probability) == (to, 50)


def test_a_plain_form_moves_it_as_well(client_of: Door, inside_alpha: Session) -> None:
    to = stage_id(inside_alpha, "Negotiation")
    answer = client_of("bob").post(f"opportunities/{BOBS}/move", data={"stage_id": str(to)})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/alpha/opportunities/{BOBS}")
    assert fresh(inside_alpha).stage_id == to


def test_a_place_in_the_column_is_kept_and_nobody_is_told(client_of: Door, inside_alpha: Session) -> None:
    alice, here = client_of("alice"), fresh(inside_alpha).stage_id
    for above, below in ((ALICES, ""), ("", ALICES), (ALICES, "")):
        answer = move(alice, BOBS, here, before_id=str(above), after_id=str(below))
        assert answer.status_code == 200 and "data-toast" not in text(answer)
        bobs, alices = fresh(inside_alpha).rank, fresh(inside_alpha, ALICES).rank
        assert (bobs > alices) == bool(above)
    assert fresh(inside_alpha).version == 1, "a place is no fact: nobody's edit is refused for it"


@pytest.mark.parametrize(("name", "status"), [("mei", 200), ("alice", 200), ("rhea", 403)])
def test_who_may_move_bobs_card(client_of: Door, inside_alpha: Session, name: str, status: int) -> None:
    assert move(client_of(name), BOBS, stage_id(inside_alpha, "Proposal")).status_code == status


def test_bob_does_not_find_alices_card(client_of: Door, inside_alpha: Session) -> None:
    assert move(client_of("bob"), ALICES, stage_id(inside_alpha, "Proposal")).status_code == 404


@pytest.mark.parametrize(("to", "status"), [("not-an-id", 400), ("", 400), ("01890000-0000-7000-8000-000000000000", 422)])
def test_a_stage_that_is_none_is_refused(client_of: Door, inside_alpha: Session, to: str, status: int) -> None:
    before = fresh(inside_alpha).stage_id
    assert client_of("bob").post(f"opportunities/{BOBS}/move", data={"stage_id": to}, htmx=True).status_code == status
    assert fresh(inside_alpha).stage_id == before


def test_a_stage_that_was_taken_away_is_refused(client_of: Door, inside_alpha: Session) -> None:
    gone = stage_id(inside_alpha, "Proposal")
    inside_alpha.execute(update(Stage).where(Stage.id == gone).values(archived_at=dt.datetime.now(dt.UTC)))
    inside_alpha.commit()
    assert move(client_of("bob"), BOBS, gone).status_code == 422


def test_moving_is_a_post(client_of: Door) -> None:
    assert client_of("bob").get(f"opportunities/{BOBS}/move").status_code == 405


def test_of_two_who_move_the_same_card_the_second_is_shown_where_it_is(client_of: Door, inside_alpha: Session) -> None:
    there, elsewhere = stage_id(inside_alpha, "Proposal"), stage_id(inside_alpha, "Negotiation")
    assert move(client_of("mei"), BOBS, there, version=1).status_code == 200
    answer = move(client_of("bob"), BOBS, elsewhere, version=1)
    said = text(answer)
    assert answer.status_code == 409
    assert "Mei changed it meanwhile. It is in “Proposal” now." in said
    assert f'hx-target="#card-{BOBS}" hx-swap="delete"' in said and f"[data-cards='{there}']" in said.replace("&#39;", "'")
    assert fresh(inside_alpha).stage_id == there
    plain = client_of("bob").post(f"opportunities/{BOBS}/move?version=1", data={"stage_id": str(elsewhere)})
    assert plain.status_code == 409 and "Mei changed it meanwhile" in text(plain)


def test_undo_puts_it_back_in_its_place(client_of: Door, inside_alpha: Session) -> None:
    bob, before = client_of("bob"), fresh(inside_alpha)
    kept = (before.stage_id, before.rank, before.stage_since, before.probability)
    said = text(move(bob, BOBS, stage_id(inside_alpha, "Proposal"), version=1))
    address = said.split('class="toast-z"')[1].split('action="')[1].split('"')[0].replace("&amp;", "&")
    answer = bob.post(address, htmx=True)
    after = fresh(inside_alpha)
    assert answer.status_code == 200
    assert (after.stage_id, after.rank, after.stage_since, after.probability) == kept
    assert bob.post(address, htmx=True).status_code == 409, "an undo is for what was seen"
    assert bob.post(f"opportunities/{BOBS}/return", htmx=True).status_code == 422


@pytest.mark.parametrize(("stage", "template"), [("Won", "Won amount"), ("Lost", "Reason"), ("Invalid", "Why is it invalid?")])
def test_a_closing_stage_asks_in_the_dialog_first(client_of: Door, inside_alpha: Session, stage: str, template: str) -> None:
    before, to = fresh(inside_alpha).stage_id, stage_id(inside_alpha, stage)
    answer = move(client_of("bob"), BOBS, to, version=1)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#dialog")
    assert template in text(answer) and 'hx-target="#dialog"' in text(answer)
    assert fresh(inside_alpha).stage_id == before
    plain = client_of("bob").post(f"opportunities/{BOBS}/move", data={"stage_id": str(to)})
    assert plain.status_code == 303 and template in text(client_of("bob").get(plain.headers["Location"]))


def test_it_is_won(client_of: Door, inside_alpha: Session) -> None:
    bob, today = client_of("bob"), dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)
    answer = bob.post(f"opportunities/{BOBS}/win?view=board&version=1", data={"amount": "1.28万", "closed_on": today.isoformat()}, htmx=True)
    won = fresh(inside_alpha)
    assert answer.status_code == 200 and "Won! Well done." in text(answer)
    assert (won.outcome, won.amount, won.probability, won.closed_at and won.closed_at.date()) == ("won", Decimal(12800), 100, today)
    assert inside_alpha.get_one(Customer, won.customer_id).status == "regular"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"amount": "much", "closed_on": "2026-01-20"}, "“much” is not an amount"),
        ({"amount": "", "closed_on": "2026-01-20"}, "Please fill this in."),
        ({"amount": "1", "closed_on": "2999-01-20"}, "That day has not come yet."),
    ],
)
def test_what_is_wrong_with_a_win_is_said_and_what_was_typed_kept(
    client_of: Door, inside_alpha: Session, data: dict[str, str], sentence: str
) -> None:
    answer = client_of("bob").post(f"opportunities/{BOBS}/win", data=data)
    assert answer.status_code == 422 and sentence in text(answer)
    assert f'value="{data["amount"]}"' in text(answer)
    assert fresh(inside_alpha).outcome == "open"


def test_a_win_of_what_somebody_has_moved_is_refused(client_of: Door, inside_alpha: Session) -> None:
    move(client_of("mei"), BOBS, stage_id(inside_alpha, "Proposal"))
    answer = client_of("bob").post(f"opportunities/{BOBS}/win?version=1", data={"amount": "1", "closed_on": "2026-01-20"})
    assert answer.status_code == 409 and fresh(inside_alpha).outcome == "open"


def test_lost_wants_a_reason(client_of: Door, inside_alpha: Session) -> None:
    from tenants.pipeline.lost_reason import lost_reasons

    bob, data = client_of("bob"), {"closed_on": "2026-01-20", "remark": "The rival was there first"}
    refused = bob.post(f"opportunities/{BOBS}/loss", data=data | {"reason_id": ""})
    assert refused.status_code == 422 and "Say why it was lost." in text(refused) and "The rival was there first" in text(refused)
    reason = lost_reasons(inside_alpha)[1]
    assert bob.post(f"opportunities/{BOBS}/loss", data=data | {"reason_id": str(uuid.uuid4())}).status_code == 422
    assert bob.post(f"opportunities/{BOBS}/loss", data=data | {"reason_id": str(reason.id)}).status_code == 303
    lost = fresh(inside_alpha)
    assert (lost.outcome, lost.lost_reason_id, lost.lost_remark) == ("lost", reason.id, "The rival was there first")
    page = text(bob.get(f"opportunities/{BOBS}"))
    assert "Chose a rival" in page and "The rival was there first" in page


def test_invalid_and_open_again(client_of: Door, inside_alpha: Session) -> None:
    bob, before = client_of("bob"), fresh(inside_alpha).stage_id
    assert bob.post(f"opportunities/{BOBS}/invalidation", data={"remark": "A double"}).status_code == 303
    assert fresh(inside_alpha).outcome == "invalid"
    assert bob.post(f"opportunities/{BOBS}/reopening").status_code == 303
    assert (fresh(inside_alpha).outcome, fresh(inside_alpha).stage_id) == ("open", before)
    assert bob.post(f"opportunities/{BOBS}/reopening").status_code == 422, "it is open"


def test_what_lies_in_the_bin_is_not_moved(client_of: Door, inside_alpha: Session) -> None:
    inside_alpha.execute(update(Opportunity).where(Opportunity.id == BOBS).values(deleted_at=dt.datetime.now(dt.UTC)))
    inside_alpha.commit()
    assert move(client_of("bob"), BOBS, stage_id(inside_alpha, "Proposal")).status_code == 404
