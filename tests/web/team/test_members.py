"""/settings/members: who works here."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from saas.identity.models import Membership, Person
from saas.identity.models import Session as SignIn
from tenants.team.models import Member, Role
from tests.world.cast import Player
from tests.world.door import Guest
from tests.world.letters import letters

ClientOf = Callable[[str], Guest]


@pytest.fixture
def role_id(inside_alpha: Session) -> Callable[[str], str]:
    return lambda key: str(inside_alpha.scalars(select(Role.id).where(Role.key == key)).one())


def test_the_owner_sees_everybody(client_of: ClientOf) -> None:
    html = client_of("alice").get("settings/members").text
    for name in ("Alice", "Mei", "Bob", "Rhea"):
        assert name in html
    assert "Charlie" not in html


@pytest.mark.parametrize("name", ["mei", "bob", "rhea"])
def test_others_may_not_arrange_the_team(client_of: ClientOf, name: str) -> None:
    assert client_of(name).get("settings/members").status_code == 403


def test_a_member_changes_role_and_team(
    client_of: ClientOf, players: dict[str, Player], role_id: Callable[[str], str], inside_alpha: Session
) -> None:
    answer = client_of("alice").post(
        f"settings/members/{players['bob'].member_id}", data={"name": "Robert", "mobile": "13800138000", "role_id": role_id("support"), "team_id": ""}
    )
    assert answer.status_code == 303
    bob = inside_alpha.get_one(Member, players["bob"].member_id)
    assert (bob.name, bob.mobile, bob.team_id) == ("Robert", "13800138000", None)
    assert str(bob.role_id) == role_id("support")


def test_invalid_input_keeps_what_was_typed(client_of: ClientOf, players: dict[str, Player], role_id: Callable[[str], str]) -> None:
    answer = client_of("alice").post(
        f"settings/members/{players['bob'].member_id}", data={"name": "", "post": "Key accounts", "role_id": role_id("sales"), "team_id": ""}
    )
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text
    assert "Key accounts" in answer.text


def test_the_last_owner_keeps_the_role(client_of: ClientOf, players: dict[str, Player], role_id: Callable[[str], str]) -> None:
    answer = client_of("alice").post(
        f"settings/members/{players['alice'].member_id}", data={"name": "Alice", "role_id": role_id("sales"), "team_id": ""}
    )
    assert answer.status_code == 422
    assert "at least one active owner" in answer.text


def test_who_is_deactivated_is_out_at_once_and_comes_back(client_of: ClientOf, players: dict[str, Player], landlord: Session) -> None:
    bobs_browser, alice = client_of("bob"), client_of("alice")
    assert bobs_browser.get("").status_code == 200
    alice.post(f"settings/members/{players['bob'].member_id}/deactivation")
    assert bobs_browser.get("").status_code in {303, 404}
    mine = select(Membership).where(Membership.person_id == players["bob"].person_id)
    assert landlord.scalars(mine).one().ended_at is not None
    landlord.rollback()
    alice.post(f"settings/members/{players['bob'].member_id}/reactivation")
    assert client_of("bob").get("").status_code == 200


def test_records_of_who_left_stay(client_of: ClientOf, players: dict[str, Player]) -> None:
    before = client_of("alice").get("customers").text
    client_of("alice").post(f"settings/members/{players['bob'].member_id}/deactivation")
    after = client_of("alice").get("customers").text
    assert before.count("data-row") == after.count("data-row")


def test_the_last_owner_cannot_be_deactivated(client_of: ClientOf, players: dict[str, Player], landlord: Session) -> None:
    client_of("alice").post(f"settings/members/{players['alice'].member_id}/deactivation")
    assert client_of("alice").get("").status_code == 200
    assert landlord.scalars(select(SignIn).where(SignIn.person_id == players["alice"].person_id, SignIn.ended_at.is_not(None))).all() == []


def test_wrong_ids_and_methods(client_of: ClientOf, players: dict[str, Player]) -> None:
    alice = client_of("alice")
    assert alice.get("settings/members/0190a000-0000-7000-8000-00000000dead").status_code == 404
    assert alice.get(f"settings/members/{players['charlie'].member_id}").status_code == 404
    assert alice.get("settings/members/no-uuid").status_code == 404
    assert alice.get(f"settings/members/{players['bob'].member_id}/deactivation").status_code == 405


class TestInvitations:
    def test_a_mail_goes_out_and_the_list_shows_it(self, client_of: ClientOf, role_id: Callable[[str], str], landlord: Session) -> None:
        from saas.outbox.models import LandlordOutbox

        answer = client_of("alice").post("settings/invitations/new", data={"mail": "Dora@Alpha.example", "role_id": role_id("sales"), "team_id": ""})
        assert answer.status_code == 303
        assert "dora@alpha.example" in client_of("alice").get("settings/members").text
        letters = [row.payload for row in landlord.scalars(select(LandlordOutbox))]
        assert any("dora@alpha.example" in str(letter["to"]) and "/invitations/" in letter["text"] for letter in letters)

    def test_no_role_is_given_away_by_a_hasty_click(self, client_of: ClientOf) -> None:
        form = client_of("alice").get("settings/invitations/new").text
        assert re.search(r'<option (?:selected )?value="">Choose<', form)
        answer = client_of("alice").post("settings/invitations/new", data={"mail": "dora@alpha.example", "role_id": "", "team_id": ""})
        assert answer.status_code == 422

    def test_a_colleague_is_not_invited_twice(self, client_of: ClientOf, role_id: Callable[[str], str]) -> None:
        answer = client_of("alice").post("settings/invitations/new", data={"mail": "bob@alpha.example", "role_id": role_id("sales"), "team_id": ""})
        assert answer.status_code == 422
        assert "works here already" in answer.text

    @pytest.mark.parametrize("mail", ["", "no address", "a@b", "x" * 300 + "@a.example"])
    def test_a_bad_address_is_told(self, client_of: ClientOf, role_id: Callable[[str], str], mail: str) -> None:
        answer = client_of("alice").post("settings/invitations/new", data={"mail": mail, "role_id": role_id("sales"), "team_id": ""})
        assert answer.status_code == 422

    def test_withdrawn_it_is_listed_no_more(self, client_of: ClientOf, role_id: Callable[[str], str], landlord: Session) -> None:
        from saas.identity.models import Invitation

        alice = client_of("alice")
        alice.post("settings/invitations/new", data={"mail": "dora@alpha.example", "role_id": role_id("sales"), "team_id": ""})
        invitation = landlord.scalars(select(Invitation)).one()
        assert alice.post(f"settings/invitations/{invitation.id}/resend").status_code == 303
        assert alice.post(f"settings/invitations/{invitation.id}/revocation").status_code == 303
        assert f"{invitation.id}/resend" not in alice.get("settings/members").text

    def test_another_companys_invitation_is_not_found(self, client_of: ClientOf, landlord: Session) -> None:
        from saas.identity.models import Invitation

        alice = client_of("alice")
        offered = re.search(r'<option value="([0-9a-f-]{36})">Sales<', alice.get("settings/invitations/new").text)
        assert offered
        alice.post("settings/invitations/new", data={"mail": "dora@alpha.example", "role_id": offered[1], "team_id": ""})
        invitation = landlord.scalars(select(Invitation)).one()
        for verb in ("resend", "revocation"):
            assert client_of("charlie").post(f"settings/invitations/{invitation.id}/{verb}").status_code == 404


def test_who_is_not_confirmed_can_have_the_link_sent_again_right_there(
    client_of: Callable[[str], Guest], landlord: Session, players: dict[str, Player], engine: Engine
) -> None:
    landlord.get_one(Person, players["alice"].person_id).mail_confirmed_at = None
    landlord.commit()
    alice = client_of("alice")
    for path in ("settings/members", "settings/invitations/new"):
        assert 'action="/account/confirmation"' in alice.get(path).text, path
    answer = alice.post("/account/confirmation", htmx=True)
    assert answer.status_code == 200 and "HX-Redirect" not in answer.headers and "alice@alpha.example" in answer.text
    assert letters(engine)[-1].path("/confirm/")


def test_who_is_confirmed_sees_no_such_button(client_of: Callable[[str], Guest]) -> None:
    assert "/account/confirmation" not in client_of("alice").get("settings/members").text
