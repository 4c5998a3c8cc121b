"""/settings/roles, teams and territories: the company arranges who may do what, and who sees whom."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.team.models import Member, Role, Team, Territory, TerritoryMember
from tenants.timeline.models import Event
from tests.world.cast import Player
from tests.world.door import Guest

ClientOf = Callable[[str], Guest]


def role(session: Session, key: str) -> Role:
    return session.scalars(select(Role).where(Role.key == key)).one()


class TestRoles:
    def test_a_right_that_is_taken_away_is_gone_at_once(self, client_of: ClientOf, inside_alpha: Session) -> None:
        sales = role(inside_alpha, "sales")
        assert client_of("bob").get("customers").status_code == 200
        client_of("alice").post(f"settings/roles/{sales.id}", data={"name": "Sales", "verbs": ["contact.read"], "scope-customer": "own"})
        assert client_of("bob").get("customers").status_code == 403

    def test_a_wider_scope_shows_more(self, client_of: ClientOf, inside_alpha: Session) -> None:
        sales = role(inside_alpha, "sales")
        assert "Customer Alice" not in client_of("bob").get("customers").text
        own = client_of("bob").get("customers").text.count("data-row")
        client_of("alice").post(f"settings/roles/{sales.id}", data={"name": "Sales", "verbs": ["customer.read"], "scope-customer": "all"})
        assert client_of("bob").get("customers").text.count("data-row") > own

    def test_a_new_role_starts_from_a_copy(self, client_of: ClientOf, inside_alpha: Session) -> None:
        html = client_of("alice").get(f"settings/roles/new?like={role(inside_alpha, 'read_only').id}").text
        assert 'value="customer.read" checked' in html
        assert 'value="customer.delete" checked' not in html

    def test_the_owners_role_cannot_be_changed(self, client_of: ClientOf, inside_alpha: Session) -> None:
        owner = role(inside_alpha, "owner")
        answer = client_of("alice").post(f"settings/roles/{owner.id}", data={"name": "Boss", "verbs": []})
        assert answer.status_code == 422
        assert "always holds every right" in answer.text

    def test_a_name_is_given_once_and_what_was_ticked_stays(self, client_of: ClientOf) -> None:
        answer = client_of("alice").post("settings/roles/new", data={"name": "sales", "verbs": ["customer.export"], "scope-customer": "team"})
        assert answer.status_code == 422
        assert 'value="customer.export" checked' in answer.text

    def test_unknown_verbs_are_not_granted(self, client_of: ClientOf, inside_alpha: Session) -> None:
        client_of("alice").post(
            "settings/roles/new", data={"name": "Odd", "verbs": ["customer.fly", "moon.read", "customer.read"], "scope-customer": "galaxy"}
        )
        odd = inside_alpha.scalars(select(Role).where(Role.name == "Odd")).one()
        assert odd.grants["customer"]["verbs"] == ["read"]
        assert "moon" not in odd.grants

    def test_a_role_in_use_is_not_removed(self, client_of: ClientOf, inside_alpha: Session) -> None:
        sales = role(inside_alpha, "sales")
        client_of("alice").post(f"settings/roles/{sales.id}/removal")
        assert inside_alpha.get(Role, sales.id) is not None

    def test_the_log_tells_who_changed_rights(self, client_of: ClientOf) -> None:
        client_of("alice").post("settings/roles/new", data={"name": "Interns", "verbs": ["customer.read"], "scope-customer": "own"})
        log = client_of("alice").get("settings/log").text
        assert "Interns" in log
        assert "Alice" in log


class TestTeams:
    def test_a_leader_sees_what_the_team_below_looks_after(self, client_of: ClientOf, players: dict[str, Player], inside_alpha: Session) -> None:
        """Mei leads Sales; Bob moves into a team below it, and she still sees his customer."""
        sales = inside_alpha.scalars(select(Team)).one()
        alice = client_of("alice")
        alice.post("settings/teams/new", data={"name": "North", "parent_id": str(sales.id), "leader_id": ""})
        north = inside_alpha.scalars(select(Team).where(Team.name == "North")).one()
        assert north.path == f"{sales.path}{north.id}/"
        bob = inside_alpha.get_one(Member, players["bob"].member_id)
        bob.team_id = north.id
        inside_alpha.commit()
        his = inside_alpha.scalars(select(Customer).where(Customer.owner_id == players["bob"].member_id)).first()
        assert his is not None
        assert client_of("mei").get(f"customers/{his.id}").status_code == 200

    def test_a_team_cannot_move_below_itself(self, client_of: ClientOf, inside_alpha: Session) -> None:
        sales = inside_alpha.scalars(select(Team)).one()
        answer = client_of("alice").post(f"settings/teams/{sales.id}", data={"name": "Sales", "parent_id": str(sales.id), "leader_id": ""})
        assert answer.status_code == 422

    def test_a_team_with_members_stays(self, client_of: ClientOf, inside_alpha: Session) -> None:
        sales = inside_alpha.scalars(select(Team)).one()
        client_of("alice").post(f"settings/teams/{sales.id}/removal")
        assert inside_alpha.get(Team, sales.id) is not None

    @pytest.mark.parametrize("path", ["settings/teams", "settings/teams/new", "settings/territories", "settings/roles"])
    def test_only_who_may_arranges(self, client_of: ClientOf, path: str) -> None:
        assert client_of("alice").get(path).status_code == 200
        assert client_of("rhea").get(path).status_code == 403

    def test_a_team_leads_no_stranger(self, client_of: ClientOf, players: dict[str, Player]) -> None:
        answer = client_of("alice").post("settings/teams/new", data={"name": "East", "parent_id": "", "leader_id": str(players["charlie"].member_id)})
        assert answer.status_code == 422


class TestTerritories:
    def test_who_works_a_territory_sees_its_customers(self, client_of: ClientOf, players: dict[str, Player], inside_alpha: Session) -> None:
        alice = client_of("alice")
        alice.post("settings/territories/new", data={"name": "East", "parent_id": "", "member_ids": [str(players["bob"].member_id)]})
        east = inside_alpha.scalars(select(Territory)).one()
        sales = role(inside_alpha, "sales")
        alice.post(f"settings/roles/{sales.id}", data={"name": "Sales", "verbs": ["customer.read", "contact.read"], "scope-customer": "territory"})
        hers = inside_alpha.scalars(select(Customer).where(Customer.owner_id == players["alice"].member_id)).first()
        assert hers is not None
        assert client_of("bob").get(f"customers/{hers.id}").status_code == 404
        hers.territory_id, hers.version = east.id, hers.version + 1
        inside_alpha.commit()
        assert client_of("bob").get(f"customers/{hers.id}").status_code == 200

    def test_members_of_a_territory_are_changed_and_logged(self, client_of: ClientOf, players: dict[str, Player], inside_alpha: Session) -> None:
        alice = client_of("alice")
        alice.post("settings/territories/new", data={"name": "East", "parent_id": "", "member_ids": [str(players["bob"].member_id)]})
        east = inside_alpha.scalars(select(Territory)).one()
        alice.post(f"settings/territories/{east.id}", data={"name": "East", "parent_id": "", "member_ids": []})
        assert inside_alpha.scalars(select(TerritoryMember)).all() == []
        assert {"territory.added", "territory.changed"} <= set(inside_alpha.scalars(select(Event.kind)))
