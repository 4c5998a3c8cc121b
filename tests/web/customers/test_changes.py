"""One customer edited whole, handed over, deleted and restored; many at once; views and columns."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Collaborator, Customer
from tenants.customers.tag import CustomerTag
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tenants.workspace.models import SavedView
from tests.world.customers import make_customer
from tests.world.door import Guest
from tests.world.stage import prop

ClientOf = Callable[[str], Guest]
BOBS = prop("customer", "Bob")
NOTHING = "01900000-0000-7000-8000-000000000000"


def customer(session: Session) -> Customer:
    session.expire_all()
    return session.get_one(Customer, BOBS)


def edited(**values: Any) -> dict[str, Any]:
    return {"kind": "company", "name": "Renamed", "status": "potential", "version": "1"} | values


class TestEditing:
    def test_works(self, client_of: ClientOf, inside_alpha: Session) -> None:
        bob = client_of("bob")
        assert "Bob&#39;s customer" in bob.get(f"customers/{BOBS}/edit").text
        assert bob.post(f"customers/{BOBS}/edit", data=edited(industry="Retail", status="vip")).location == f"/alpha/customers/{BOBS}"
        now = customer(inside_alpha)
        assert (now.name, now.industry, now.status, now.version) == ("Renamed", "Retail", "vip", 3)

    def test_what_changed_meanwhile_is_shown_beside_ours_and_not_lost(self, client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
        from tests.world.customers import NOON

        customer(inside_alpha).edit(inside_alpha, {"name": "Theirs"}, by=bob, at=NOON)
        inside_alpha.commit()
        clash = client_of("bob").post(f"customers/{BOBS}/edit", data=edited(name="Ours"))
        assert clash.status_code == 409 and "Theirs" in clash.text and "Ours" in clash.text and 'name="version" value="2"' in clash.text
        assert customer(inside_alpha).name == "Theirs"
        assert client_of("bob").post(f"customers/{BOBS}/edit", data=edited(name="Ours", version="2")).status_code == 303
        assert customer(inside_alpha).name == "Ours"

    def test_what_no_pair_of_eyes_could_see_is_no_clash(self, client_of: ClientOf, inside_alpha: Session, alice: Actor, mei: Actor) -> None:
        """It was handed over meanwhile; the form says nothing about owners."""
        from tests.world.customers import NOON, member_of

        customer(inside_alpha).transfer(inside_alpha, member_of(inside_alpha, mei), by=alice, at=NOON)
        inside_alpha.commit()
        same = {"kind": "company", "name": "Bob's customer", "status": "potential", "version": "1"}
        assert client_of("alice").post(f"customers/{BOBS}/edit", data=same).status_code == 303
        moved = client_of("alice").post(f"customers/{BOBS}/edit", data=same | {"next_contact_at": "2027-01-02T09:00"})
        assert moved.status_code == 409 and "2027-01-02 09:00" in moved.text

    def test_invalid_is_422(self, client_of: ClientOf) -> None:
        answer = client_of("bob").post(f"customers/{BOBS}/edit", data=edited(name="", remark="Kept"))
        assert answer.status_code == 422 and "Kept" in answer.text

    def test_it_is_not_its_own_parent(self, client_of: ClientOf) -> None:
        assert client_of("bob").post(f"customers/{BOBS}/edit", data=edited(parent="C-Bob")).status_code == 422

    @pytest.mark.parametrize(("who", "status"), [("alice", 200), ("mei", 200), ("rhea", 403), ("bob", 200)])
    def test_who_may(self, client_of: ClientOf, who: str, status: int) -> None:
        assert client_of(who).get(f"customers/{BOBS}/edit").status_code == status

    def test_what_is_not_yours_is_not_there(self, client_of: ClientOf) -> None:
        bob = client_of("bob")
        for key in (prop("customer", "Alice"), prop("customer", "Beta"), NOTHING):
            assert bob.get(f"customers/{key}/edit").status_code == 404
            assert bob.post(f"customers/{key}/edit", data=edited()).status_code == 404
        assert client_of("charlie").get(f"customers/{BOBS}/edit").status_code == 404


def _state(session: Session) -> list[object]:
    """Owners, statuses, tags, and what went along."""
    session.expire_all()
    rows = session.execute(
        select(Customer.id, Customer.owner_id, Customer.status, Customer.status_since, Customer.deleted_at, CustomerTag.tag_id)
        .outerjoin(CustomerTag, CustomerTag.customer_id == Customer.id)
        .order_by(Customer.id)
    )
    return [*map(tuple, rows), *map(tuple, session.execute(select(Opportunity.id, Opportunity.owner_id).order_by(Opportunity.id)))]


def _undo(html: str) -> str:
    found = re.search(r'action="(/alpha/customers/bulk/\w+/restoration\?[^"]*)"', html)
    assert found
    return found[1].replace("&amp;", "&")


class TestHandover:
    def test_works_with_open_opportunities(self, client_of: ClientOf, inside_alpha: Session, mei: Actor) -> None:
        client = client_of("mei")
        assert client.get(f"customers/{BOBS}/handover").status_code == 200
        answer = client.post(f"customers/{BOBS}/handover", data={"owner": str(mei.id), "with_opportunities": "1"})
        assert answer.location == f"/alpha/customers/{BOBS}"
        assert customer(inside_alpha).owner_id == mei.id
        assert inside_alpha.get_one(Opportunity, prop("opportunity", "Bob")).owner_id == mei.id

    def test_taken_back_from_the_toast(self, client_of: ClientOf, inside_alpha: Session, mei: Actor) -> None:
        client, before = client_of("alice"), _state(inside_alpha)
        client.post(f"customers/{BOBS}/handover", data={"owner": str(mei.id), "with_opportunities": "1"})
        client.post(_undo(client.get(f"customers/{BOBS}").text))
        assert _state(inside_alpha) == before

    @pytest.mark.parametrize("owner", ["", "nobody", NOTHING])
    def test_nobody_to_hand_it_to_is_422(self, client_of: ClientOf, owner: str) -> None:
        answer = client_of("alice").post(f"customers/{BOBS}/handover", data={"owner": owner})
        assert answer.status_code == 422 and "Choose who looks after it" in answer.text

    def test_who_may(self, client_of: ClientOf, mei: Actor) -> None:
        for who, status in {"bob": 403, "rhea": 403, "charlie": 404}.items():
            assert client_of(who).post(f"customers/{BOBS}/handover", data={"owner": str(mei.id)}).status_code == status


class TestBin:
    def test_deleted_with_a_way_back(self, client_of: ClientOf, inside_alpha: Session) -> None:
        alice = client_of("alice")
        assert alice.post(f"customers/{BOBS}/removal").location == "/alpha/customers"
        after = alice.get("customers").text
        assert f"/alpha/customers/{BOBS}/restoration" in after and ">Bob&#39;s customer</a>" not in after
        assert "Bob&#39;s customer" in alice.get("customers/bin").text
        assert alice.post(f"customers/{BOBS}/removal").status_code == 404
        assert alice.post(f"customers/{BOBS}/restoration").status_code == 303
        assert not customer(inside_alpha).is_in_bin

    def test_after_thirty_days_it_is_shown_no_more(self, client_of: ClientOf, inside_alpha: Session) -> None:
        from sqlalchemy import text

        inside_alpha.execute(text("UPDATE customers SET deleted_at = now() - interval '29 days' WHERE number = 'C-Bob'"))
        inside_alpha.commit()
        assert "in 1 day" in client_of("alice").get("customers/bin").text
        inside_alpha.execute(text("UPDATE customers SET deleted_at = now() - interval '31 days' WHERE number = 'C-Bob'"))
        inside_alpha.commit()
        assert "The bin is empty" in client_of("alice").get("customers/bin").text

    def test_who_may(self, client_of: ClientOf) -> None:
        for who, status in {"bob": 403, "rhea": 403, "charlie": 404}.items():
            assert client_of(who).post(f"customers/{BOBS}/removal").status_code == status
            assert client_of(who).post(f"customers/{BOBS}/restoration").status_code == status
        assert client_of("bob").get("customers/bin").status_code == 403
        assert client_of("alice").get("customers/bin?cursor=zzz").status_code == 400


class TestMany:
    def test_a_preview_and_then_the_change(self, client_of: ClientOf, inside_alpha: Session) -> None:
        bob = client_of("bob")
        preview = bob.post("customers/bulk/status", data={"id": str(BOBS), "list": "q=bob"})
        assert "1 customer will be changed" in preview.text and customer(inside_alpha).status == "potential"
        answer = bob.post("customers/bulk/status", data={"id": str(BOBS), "list": "q=bob", "status": "vip", "confirmed": "1"})
        assert (answer.status_code, answer.location) == (303, "/alpha/customers?q=bob")
        assert customer(inside_alpha).status == "vip"

    def test_all_that_match(self, client_of: ClientOf, inside_alpha: Session, alice: Actor) -> None:
        vip = make_customer(inside_alpha, alice, "Vip", status="vip")
        inside_alpha.commit()
        client_of("alice").post("customers/bulk/status", data={"all": "1", "list": "status=potential", "status": "lapsed", "confirmed": "1"})
        inside_alpha.expire_all()
        states = dict(inside_alpha.execute(select(Customer.name, Customer.status)).all())
        assert states == {"Alice's customer": "lapsed", "Bob's customer": "lapsed", "Vip": "vip"}
        assert vip.version == 1

    def test_what_may_only_be_read_stays_and_is_named(self, client_of: ClientOf, inside_alpha: Session, bob: Actor) -> None:
        theirs = prop("customer", "Alice")
        inside_alpha.add(Collaborator(customer_id=theirs, member_id=bob.id))
        inside_alpha.commit()
        client = client_of("bob")
        chosen = [str(BOBS), str(theirs), str(prop("customer", "Beta")), NOTHING, "rubbish"]
        preview = client.post("customers/bulk/status", data={"id": chosen})
        assert "1 customer will be changed" in preview.text and "Alice&#39;s customer" in preview.text
        client.post("customers/bulk/status", data={"id": chosen, "status": "vip", "confirmed": "1"})
        inside_alpha.expire_all()
        assert (customer(inside_alpha).status, inside_alpha.get_one(Customer, theirs).status) == ("vip", "potential")

    def test_handover(self, client_of: ClientOf, inside_alpha: Session, mei: Actor) -> None:
        client = client_of("alice")
        refused = client.post("customers/bulk/handover", data={"id": str(BOBS), "owner": "", "confirmed": "1"})
        assert refused.status_code == 422 and "Choose who looks after it" in refused.text
        assert client.post("customers/bulk/handover", data={"id": str(BOBS), "owner": str(mei.id), "confirmed": "1"}).status_code == 303
        assert customer(inside_alpha).owner_id == mei.id

    def test_tags(self, client_of: ClientOf) -> None:
        client = client_of("bob")
        assert client.post("customers/bulk/tags", data={"id": str(BOBS), "tag": " ", "confirmed": "1"}).status_code == 422
        assert client.post("customers/bulk/tags", data={"id": str(BOBS), "tag": "Fair 2026", "confirmed": "1"}).status_code == 303
        assert "Fair 2026" in client.get("customers?columns=tags", headers={"HX-Target": "div#rows"}, htmx=True).text
        client.post("customers/bulk/tags", data={"id": str(BOBS), "tag": "Fair 2026", "take_away": "1", "confirmed": "1"})
        assert "Fair 2026" not in client.get("customers?columns=tags", headers={"HX-Target": "div#rows"}, htmx=True).text

    @pytest.mark.parametrize(
        ("action", "typed"),
        [("handover", {"owner": "Mei", "with_opportunities": "1"}), ("status", {"status": "vip"}), ("tags", {"tag": "Fair 2026"}), ("removal", {})],
    )
    def test_the_toast_takes_it_back(self, client_of: ClientOf, inside_alpha: Session, mei: Actor, action: str, typed: dict[str, str]) -> None:
        alice, before = client_of("alice"), _state(inside_alpha)
        typed = {key: str(mei.id) if value == "Mei" else value for key, value in typed.items()}
        alice.post(
            f"customers/bulk/{action}", data={"id": [str(BOBS), str(prop("customer", "Alice"))], "list": "sort=name", "confirmed": "1"} | typed
        )
        assert _state(inside_alpha) != before
        answer = alice.post(_undo(alice.get("customers?columns=tags").text))
        assert (answer.status_code, answer.location) == (303, "/alpha/customers?sort=name")
        assert _state(inside_alpha) == before
        assert "2 customers are as they were." in alice.get("customers").text

    def test_the_toast_has_the_numbers_of_the_dialog(self, client_of: ClientOf, inside_alpha: Session, mei: Actor) -> None:
        alice = client_of("alice")
        make_customer(inside_alpha, mei, "Mei's own")
        inside_alpha.commit()
        assert "3 customers will be changed" in alice.post("customers/bulk/handover", data={"all": "1", "list": ""}).text
        alice.post("customers/bulk/handover", data={"all": "1", "list": "", "owner": str(mei.id), "confirmed": "1"})
        assert "2 customers are changed. 1 was so already." in alice.get("customers").text

    def test_what_was_changed_since_stays_and_is_told(self, client_of: ClientOf, inside_alpha: Session, mei: Actor) -> None:
        alice = client_of("alice")
        alice.post("customers/bulk/handover", data={"id": [str(BOBS), str(prop("customer", "Alice"))], "owner": str(mei.id), "confirmed": "1"})
        undo = _undo(alice.get("customers").text)
        client_of("mei").post(f"customers/{BOBS}/edit", data=edited(version="2"))
        assert client_of("mei").post(undo).status_code == 303  # it is not hers: nothing happens
        assert customer(inside_alpha).owner_id == mei.id
        alice.post(undo)
        assert "1 customer is as it was. 1 stays, because it has been changed since." in alice.get("customers").text
        assert customer(inside_alpha).owner_id == mei.id

    @pytest.mark.parametrize("at", ["", "yesterday", "2026-01-01", "0001-01-01T00:00:00+14:00", "%00"])
    def test_a_damaged_undo_is_400(self, client_of: ClientOf, at: str) -> None:
        assert client_of("alice").post(f"customers/bulk/removal/restoration?at={at}").status_code == 400

    def test_who_may(self, client_of: ClientOf, inside_alpha: Session) -> None:
        row = {"id": str(BOBS), "status": "vip", "confirmed": "1"}
        for who, action, status in (
            ("rhea", "status", 403), ("rhea", "tags", 403), ("bob", "handover", 403), ("bob", "removal", 403), ("alice", "robbery", 404),
        ):  # fmt: skip
            assert client_of(who).post(f"customers/bulk/{action}", data=row).status_code == status, (who, action)
        assert client_of("charlie").post("/alpha/customers/bulk/status", data=row).status_code == 404
        assert customer(inside_alpha).status == "potential"
        assert client_of("alice").post("customers/bulk/status", data=row | {"status": "king"}).status_code == 400
        assert client_of("alice").get("customers/bulk/status").status_code == 405


def test_ids_of_another_company_change_nothing(client_of: ClientOf, companies: dict[str, Tenant], engine: Engine) -> None:
    client_of("charlie").post("customers/bulk/status", data={"id": str(BOBS), "status": "vip", "confirmed": "1"})
    with inside(companies["alpha"], engine) as session:
        assert customer(session).status == "potential"


class TestArranging:
    def test_a_view_is_saved_shared_used_and_deleted(self, client_of: ClientOf, inside_alpha: Session) -> None:
        bob, mei = client_of("bob"), client_of("mei")
        assert bob.post("customers/views", data={"name": " A  customers ", "list": "grade=A&bogus=1&status="}).location == "/alpha/customers?grade=A"
        assert 'href="/alpha/customers?grade=A"' in bob.get("customers").text and ">A customers" not in mei.get("customers").text
        bob.post("customers/views", data={"name": "A customers", "list": "grade=A&sort=name", "is_shared": "1"})
        saved = inside_alpha.scalars(select(SavedView)).one()
        assert (saved.query, saved.is_shared) == ("grade=A&sort=name", True)
        assert "A customers" in mei.get("customers").text
        assert mei.post(f"customers/views/{saved.id}/removal").status_code == 404
        assert bob.post(f"customers/views/{saved.id}/removal").status_code == 303
        assert ">A customers" not in bob.get("customers").text

    @pytest.mark.parametrize("name", ["", "   ", "x" * 41])
    def test_a_view_needs_a_name(self, client_of: ClientOf, name: str) -> None:
        answer = client_of("bob").post("customers/views", data={"name": name, "list": "grade=A"})
        assert answer.status_code == 422 and "A saved view needs a name" in answer.text and 'value="grade=A"' in answer.text

    def test_columns_are_kept_for_the_member(self, client_of: ClientOf) -> None:
        bob = client_of("bob")
        assert (
            bob.post("customers/columns", data={"column": ["number", "grade", "bogus"], "list": "sort=name&columns=tags"}).location
            == "/alpha/customers?sort=name"
        )
        html = bob.get("customers").text
        head = html.partition("<thead")[2].partition("</thead>")[0]
        assert "C-Bob" in html and "Customer name" in head and "Account owner" not in head
        assert "C-Bob" not in client_of("alice").get("customers").text
        assert "C-Bob" not in bob.get("customers?columns=grade").text

    def test_dialogs_know_the_list_they_were_opened_over(self, client_of: ClientOf) -> None:
        bob = client_of("bob")
        over = {"htmx": True, "headers": {"HX-Target": "div#dialog", "HX-Current-URL": "http://localhost/alpha/customers?status=vip&sort=name"}}
        form = bob.get("customers/filter", **over).text
        assert re.search(r'name="status" value="vip" checked', form) and 'name="sort" value="name"' in form
        assert 'value="status=vip&amp;sort=name"' in bob.get("customers/views/new", **over).text
        assert re.search(r'name="status" value="vip" checked', bob.get("customers/filter?status=vip").text)
        for address in ("javascript:1", "http://[", "//", "x" * 9000, "http://localhost/a?" + "status=vip&" * 2000):
            over["headers"]["HX-Current-URL"] = address  # type: ignore[index]
            assert bob.get("customers/filter", **over).status_code == 200
