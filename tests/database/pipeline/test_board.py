"""The board equals a plain model in Python: columns in order, each card once, counts and sums of whole columns, scope."""

import datetime as dt
import random
import uuid
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.places import rank_in
from tenants.pipeline.queries import CARDS, Card, Sum, card_above, column_sums, first_cards, more_cards, one_card, rows, total
from tenants.pipeline.sorting import SORTS, Edge
from tenants.pipeline.wanted import Wanted
from tenants.team.actor import Actor
from tests.database.pipeline.play import day, opened, reason, stages
from tests.world.stage import prop

ZONE = dt.UTC


def test_a_moved_card_is_in_exactly_one_column_at_the_place_it_was_given(inside_alpha: Session, alice: Actor) -> None:
    luck, columns = random.Random(7), stages(inside_alpha)[:5]  # noqa: S311
    model: dict[uuid.UUID, list[uuid.UUID]] = {stage.id: [] for stage in columns}
    known = set(inside_alpha.scalars(select(Opportunity.id)))
    cards = [opened(inside_alpha, alice, name=f"No. {number}") for number in range(12)]
    model[columns[0].id] = [card.id for card in reversed(cards)]
    for number in range(1, 80):
        card, target = luck.choice(cards), luck.choice(columns)
        next(column for column in model.values() if card.id in column).remove(card.id)
        place = luck.randint(0, len(model[target.id]))
        above = model[target.id][place - 1] if place else None
        below = model[target.id][place] if place < len(model[target.id]) else None
        model[target.id].insert(place, card.id)
        if target.id == card.stage_id:
            card.place(inside_alpha, above_id=above, below_id=below)
        else:
            rank = rank_in(inside_alpha, target.id, above_id=above, below_id=below, besides=card.id)
            card.move(inside_alpha, target, by=alice, at=day(number), rank=rank)
        inside_alpha.flush()
        shown = first_cards(inside_alpha, model, Wanted(), alice, ZONE)
        assert {key: [one.id for one in shown.get(key, []) if one.id not in known] for key in model} == model


def test_paging_visits_each_card_once_in_order(inside_alpha: Session, alice: Actor) -> None:
    first = stages(inside_alpha)[0]
    made = [opened(inside_alpha, alice, name=f"No. {number}").id for number in range(CARDS * 2 + 7)]
    cards = first_cards(inside_alpha, [first.id], Wanted(), alice, ZONE)[first.id]
    seen: list[Card] = []
    while cards:
        seen += cards[:CARDS]
        more = len(cards) > CARDS
        cards = more_cards(inside_alpha, first.id, Wanted(), alice, ZONE, after=(seen[-1].rank, seen[-1].id)) if more else []
    assert len(seen) == len({card.id for card in seen})
    assert [card.id for card in seen if card.id in set(made)] == made[::-1]


def test_counts_and_sums_are_of_the_whole_column(inside_alpha: Session, alice: Actor, mei: Actor, bob: Actor) -> None:
    luck = random.Random(3)  # noqa: S311
    for number in range(60):
        by = luck.choice([alice, mei, bob])
        one = opened(inside_alpha, by, amount=Decimal(luck.randint(0, 10**9)) / 100, in_stage=luck.choice(stages(inside_alpha)[:5]).name)
        if luck.random() < 0.3:
            one.lose(inside_alpha, reason(inside_alpha), by=by, at=day(number))
        elif luck.random() < 0.3:
            one.edit(inside_alpha, {"probability": luck.randint(0, 100)}, by=by, at=day(1))
        if luck.random() < 0.1:
            one.discard(inside_alpha, by=by, at=day(number))
    inside_alpha.flush()
    for actor, owners in ((alice, None), (mei, {mei.id, bob.id}), (bob, {bob.id})):
        plain: dict[uuid.UUID, Sum] = defaultdict(Sum)
        for one in inside_alpha.scalars(select(Opportunity).where(Opportunity.deleted_at.is_(None))):
            if owners is None or one.owner_id in owners:
                plain[one.stage_id] += Sum(1, one.amount, one.amount * one.probability / 100)
        assert column_sums(inside_alpha, Wanted(), actor, ZONE) == plain
        assert total(inside_alpha, Wanted(), actor, ZONE) == sum(plain.values(), Sum())


def test_bob_sees_his_own_cards_only(inside_alpha: Session, alice: Actor, bob: Actor, mei: Actor, rhea: Actor) -> None:
    first = stages(inside_alpha)[0].id

    def shown(actor: Actor) -> set[uuid.UUID]:
        return {card.id for card in first_cards(inside_alpha, [first], Wanted(), actor, ZONE).get(first, [])}

    hers, his = prop("opportunity", "Alice"), prop("opportunity", "Bob")
    assert (shown(alice), shown(rhea), shown(mei), shown(bob)) == ({hers, his}, {hers, his}, {his}, {his})


@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_the_list_is_walked_there_and_back_in_every_order(inside_alpha: Session, alice: Actor, mei: Actor, bob: Actor, sort: str) -> None:
    luck, in_order = random.Random(5), stages(inside_alpha)  # noqa: S311
    for number in range(23):
        when = day(luck.randint(0, 40)).date() if luck.random() < 0.7 else None
        told: dict[str, Any] = {"amount": Decimal(luck.randint(1, 5)), "expected_close_on": when, "in_stage": luck.choice(in_order[:5]).name}
        opened(inside_alpha, luck.choice([alice, mei, bob]), at=day(luck.randint(-9, 0)), name=f"No. {number}", **told)
    value = {
        "created": "created_at", "updated": "updated_at", "close": "expected_close_on", "since": "stage_since", "customer": "customer_name_key",
        "stage": "stage_id", "owner": "owner_id",
    }  # fmt: skip
    attribute = value.get(sort.lstrip("-"), sort.lstrip("-"))

    def walk(edge: Edge | None) -> list[list[Card]]:
        pages, more = [], True
        while more:
            found = rows(inside_alpha, Wanted(), alice, ZONE, sort=sort, edge=edge, limit=4)
            more = len(found) > 4
            pages.append(found[:4])
            edge = Edge(getattr(found[:4][-1], attribute), found[:4][-1].id, edge.backwards if edge else False)
        return pages

    forward = [card for one in walk(None) for card in one]
    assert len({card.id for card in forward}) == len(forward) == 25
    places = {stage.id: place for place, stage in enumerate(in_order)} | {alice.id: 1, bob.id: 2, mei.id: 3}
    valued = [places.get(one, one) for card in forward if (one := getattr(card, attribute)) is not None]
    assert valued == sorted(valued, reverse=sort.startswith("-"))
    assert all(getattr(card, attribute) is None for card in forward[len(valued) :]), "what has no value stands last"
    last = forward[-1]
    back = [card for one in walk(Edge(getattr(last, attribute), last.id, backwards=True)) for card in one]
    assert [card.id for card in back] == [card.id for card in forward[:-1]][::-1]


def test_filters_ask_what_they_say(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    june = opened(inside_alpha, alice, amount=Decimal(500), expected_close_on=day(100).date(), name="Pump")
    won = opened(inside_alpha, bob, customer="Bob", amount=Decimal(900), expected_close_on=day(100).date())
    won.win(inside_alpha, by=bob, at=day(1))
    inside_alpha.flush()

    def ids(**wanted: object) -> set[uuid.UUID]:
        return {card.id for card in rows(inside_alpha, Wanted(**wanted), alice, ZONE, sort="created")}  # type: ignore[arg-type]

    assert ids(query="pump") == {june.id}
    assert won.id in ids(query="Bob"), "by its customer's name"
    assert ids(amount_from=Decimal(500), amount_to=Decimal(500)) == {june.id}
    assert ids(outcome="won") == {won.id}
    assert ids(closing_from=day(90).date(), closing_to=day(110).date()) == {june.id}, "a won one counts by its real day"
    assert won.id in ids(closing_from=day(1).date(), closing_to=day(1).date())
    assert ids(undated=True) == {prop("opportunity", "Alice"), prop("opportunity", "Bob")}
    assert ids(owners=(bob.id,)) == {won.id, prop("opportunity", "Bob")}
    assert ids(stage_id=won.stage_id) == {won.id}
    assert ids(team_id=bob.team_id) == {won.id, prop("opportunity", "Bob")}
    assert ids(teamless=True) == {june.id, prop("opportunity", "Alice")}


def test_the_card_above_is_one_that_is_shown(inside_alpha: Session, alice: Actor, bob: Actor) -> None:
    lower = opened(inside_alpha, bob, customer="Bob")
    opened(inside_alpha, alice)
    upper = opened(inside_alpha, bob, customer="Bob")
    assert card_above(inside_alpha, one_card(inside_alpha, lower.id, bob), Wanted(), bob, ZONE) == upper.id
    assert card_above(inside_alpha, one_card(inside_alpha, upper.id, bob), Wanted(), bob, ZONE) is None


def test_the_board_is_two_statements_however_many_columns(inside_alpha: Session, alice: Actor, engine: Engine) -> None:
    said: list[str] = []

    def listen(*args: object) -> None:
        said.append(str(args[2]))

    ids = [stage.id for stage in stages(inside_alpha)]
    event.listen(engine, "before_cursor_execute", listen)
    first_cards(inside_alpha, ids, Wanted(), alice, ZONE)
    column_sums(inside_alpha, Wanted(), alice, ZONE)
    event.remove(engine, "before_cursor_execute", listen)
    assert len(said) == 2
