"""The customer's page, as each of the cast gets it."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from tenants.customers.attachment import Attachment
from tenants.customers.contact import Contact
from tenants.customers.customer import Collaborator, Customer, Evaluation, Watch
from tenants.customers.tag import Tag
from tenants.followups.models import Followup, Plan
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.team.models import Territory
from tenants.timeline.log import record
from tenants.timeline.models import Event
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.door import Guest
from tests.world.stage import prop

BOBS, ALICES = prop("customer", "Bob"), prop("customer", "Alice")
PAGE = f"customers/{BOBS}"
Client = Callable[[str], Guest]
NOW = dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC)


@pytest.fixture
def look(alpha: Tenant, engine: Engine) -> Callable[[Callable[[Session], Any]], Any]:
    """look(lambda session: …): reads, or changes, what is kept in alpha."""

    def ask(question: Callable[[Session], Any]) -> Any:
        with inside(alpha, engine) as session:
            return question(session)

    return ask


Look = Callable[[Callable[[Session], Any]], Any]


def text(response: Any) -> str:
    return str(response.get_data(as_text=True))


def test_the_four_kinds_of_information_stand_on_one_page(client_of: Client) -> None:
    page = text(client_of("bob").get(PAGE))
    for words in (
        "Industry",
        "Bob&#39;s contact",
        "Bob called",
        "Grade by quarter",
        "Bob&#39;s opportunity",
        "Bob will visit",
        'aria-current="step"',
    ):
        assert words in page


@pytest.mark.parametrize("path", ["", "/details", "/log"])
def test_who_may_only_read_sees_no_button(client_of: Client, path: str) -> None:
    page = text(client_of("rhea").get(PAGE + path))
    main = page[page.index("<main") : page.index("</main>")]
    posts = set(re.findall(r'action="([^"]+)"', main))
    assert posts <= {f"/alpha/{PAGE}/watch"}
    assert "data-write" not in main
    assert "/facts/" not in main
    assert "/edit" not in main


def test_a_collaborator_who_may_only_read_writes_nothing(client_of: Client, look: Look, bob: Actor) -> None:
    path = f"customers/{ALICES}"
    look(lambda session: session.add(Collaborator(customer_id=ALICES, member_id=bob.id, may_write=False)))
    page = text(client_of("bob").get(path))
    assert "Alice called" in page
    assert "data-write" not in page
    for action, data in (("followups", {"content": "x", "means": "phone"}), ("tags", {"name": "x"}), ("status", {"status": "vip"})):
        assert client_of("bob").post(f"{path}/{action}", data=data).status_code == 404
    look(lambda session: session.get_one(Collaborator, (ALICES, bob.id)).__setattr__("may_write", True))
    assert client_of("bob").post(f"{path}/followups", data={"content": "x", "means": "phone"}).status_code == 303
    assert client_of("bob").post(f"{path}/collaborators", data={"member_id": str(bob.id), "right": "write"}).status_code == 403


def test_it_takes_eight_statements_at_most(client_of: Client, app: Any) -> None:
    from web.database import db

    with app.app_context():
        engine = db.engine
    said: list[str] = []

    def listen(*args: Any) -> None:
        said.append(args[2])

    bob = client_of("bob")
    bob.get(PAGE)
    event.listen(engine, "before_cursor_execute", listen)
    bob.get(PAGE)
    event.remove(engine, "before_cursor_execute", listen)
    assert len([one for one in said if not one.startswith("BEGIN")]) <= 8, said


def test_one_in_the_bin_can_be_read_and_not_changed(client_of: Client, look: Look) -> None:
    look(lambda session: session.get_one(Customer, BOBS).__setattr__("deleted_at", NOW))
    page = text(client_of("bob").get(PAGE))
    assert "lies in the bin" in page
    assert "data-write" not in page
    assert client_of("bob").post(f"{PAGE}/status", data={"status": "vip"}).status_code == 404


def test_the_timeline_goes_on_by_key(client_of: Client, look: Look, bob: Actor) -> None:
    def many(session: Session) -> None:
        for number in range(75):
            record(
                session, "customer.edited", by=bob, at=NOW + dt.timedelta(minutes=number), customer_id=BOBS, changes={"remark": [None, f"<{number}>"]}
            )

    look(many)
    client, seen, page = client_of("bob"), [], text(client_of("bob").get(PAGE))
    for _ in range(4):
        seen += re.findall(r"&lt;(\d+)&gt;", page)
        more = re.search(r'hx-get="([^"]+before=[^"]+)"', page)
        if more is None:
            break
        page = text(client.get(more[1].replace("&amp;", "&"), headers={"HX-Request": "true", "HX-Target": "div#more"}))
        assert "<html" not in page
    assert [int(number) for number in seen] == list(range(74, -1, -1))


@pytest.mark.parametrize("only", ["followups", "opportunities", "changes"])
def test_the_timeline_shows_one_kind(client_of: Client, look: Look, bob: Actor, only: str) -> None:
    look(lambda session: record(session, "customer.edited", by=bob, at=NOW, customer_id=BOBS))
    piece = text(client_of("bob").get(f"{PAGE}?only={only}", htmx=True, headers={"HX-Target": "section#history"}))
    assert ("Bob called" in piece) == (only == "followups")
    assert ("Edited the facts" in piece) == (only == "changes")
    assert ("Nothing of this kind" in piece) == (only == "opportunities")
    assert client_of("bob").get(f"{PAGE}?only={only}").status_code == 200


@pytest.mark.parametrize("query", ["only=everything", "before=x", "before=W10", "before=" + "A" * 3000])
def test_a_damaged_address_is_400(client_of: Client, query: str) -> None:
    answer = client_of("bob").get(f"{PAGE}?{query}", htmx=True, headers={"HX-Target": "section#history"})
    assert answer.status_code == 400


def test_the_filter_holds_without_htmx(client_of: Client) -> None:
    assert "Bob called" not in text(client_of("bob").get(f"{PAGE}?only=opportunities")).split('id="history"')[1].split("</section>")[0]


def test_a_change_of_territory_is_told_by_its_names(client_of: Client, look: Look, bob: Actor) -> None:
    def move(session: Session) -> None:
        east = Territory(name="East", path="/x/")
        session.add(east)
        session.flush()
        session.get_one(Customer, BOBS).edit(session, {"territory_id": east.id}, by=bob, at=NOW)

    look(move)
    for path in (PAGE, f"{PAGE}/log"):
        assert re.search(r"Territory</span>\s*<span>East</span>", text(client_of("bob").get(path)))


# -- facts in place


def fact(client_of: Client, name: str = "industry", *, htmx: bool = True, **data: Any) -> Any:
    return client_of("bob").post(f"{PAGE}/facts/{name}", data=data, htmx=htmx)


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("industry", " Pumps ", "Pumps"),
        ("industry", "", None),
        ("size", "20-99", "20-99"),
        ("phone", "138 5718 2046", "+8613857182046"),
        ("credit_code", "91330110ma27y5yy7j", None),
        ("website", "example.com", "https://example.com"),
        ("kind", "person", "person"),
        ("remark", "two\nlines", "two\nlines"),
    ],
)
def test_a_fact_is_kept(client_of: Client, look: Look, name: str, typed: str, kept: str | None) -> None:
    answer = fact(client_of, name, value=typed, was=look(lambda s: getattr(s.get_one(Customer, BOBS), name)) or "")
    if name == "credit_code":
        assert answer.status_code in {200, 422}
        return
    assert answer.status_code == 200
    assert look(lambda session: getattr(session.get_one(Customer, BOBS), name)) == kept
    assert "saved" in text(answer)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("name", ""), ("name", "x" * 121), ("size", "7"), ("phone", "x"), ("credit_code", "123"), ("website", "javascript:alert(1)"), ("kind", ""),
        ("territory_id", "no"), ("territory_id", str(BOBS)), ("source", "heaven"),
    ],
)  # fmt: skip
def test_a_wrong_fact_is_422_and_nothing_typed_is_lost(client_of: Client, look: Look, name: str, typed: str) -> None:
    before = look(lambda session: getattr(session.get_one(Customer, BOBS), name))
    for htmx in (True, False):
        answer = fact(client_of, name, htmx=htmx, value=typed)
        assert answer.status_code == 422
        assert 'role="alert"' in text(answer)
        assert typed in text(answer) or name in {"size", "kind", "territory_id", "source"}
    assert look(lambda session: getattr(session.get_one(Customer, BOBS), name)) == before


def changed_by_somebody(session: Session) -> None:
    customer = session.get_one(Customer, BOBS)
    customer.industry = "Valves"
    customer.version += 1


@pytest.mark.parametrize("htmx", [True, False])
def test_a_clash_is_409_and_shows_both(client_of: Client, look: Look, *, htmx: bool) -> None:
    look(changed_by_somebody)
    answer = fact(client_of, htmx=htmx, value="Pumps", version="1", was="")
    assert answer.status_code == 409
    assert "Valves" in text(answer)
    assert "Pumps" in text(answer)
    version = re.search(r'name="version" value="(\d+)"', text(answer))
    assert version is not None
    assert fact(client_of, value="Pumps", version=version[1]).status_code == 200
    assert look(lambda session: session.get_one(Customer, BOBS).industry) == "Pumps"


def test_another_fact_of_the_same_customer_is_no_clash(client_of: Client, look: Look) -> None:
    look(changed_by_somebody)
    assert fact(client_of, "rivals", value="Rival", version="1", was="").status_code == 200
    assert fact(client_of, "industry", value="Valves", version="1", was="").status_code == 200, "the same value is none either"


def test_without_a_word_of_what_was_there_an_old_version_is_a_clash(client_of: Client, look: Look) -> None:
    look(changed_by_somebody)
    assert fact(client_of, "rivals", value="Rival", version="1").status_code == 409


@pytest.mark.parametrize("name", ["owner_id", "deleted_at", "version", "search", "nonsense", "status", "next_contact_at"])
def test_what_is_no_fact_is_404(client_of: Client, name: str) -> None:
    assert fact(client_of, name, value="x").status_code == 404
    assert client_of("bob").get(f"{PAGE}/facts/{name}").status_code == 404


# -- status, tags, colleagues, grades


def test_the_status_moves_and_undo_brings_it_back(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    answer = text(bob.post(f"{PAGE}/status", data={"status": "vip"}, htmx=True))
    undo = re.search(r'hx-post="(/alpha/customers/[^"]+status=potential)"', answer)
    assert undo is not None
    assert look(lambda session: session.get_one(Customer, BOBS).status) == "vip"
    assert bob.post(undo[1]).status_code == 303
    assert look(lambda session: session.get_one(Customer, BOBS).status) == "potential"
    assert bob.post(f"{PAGE}/status", data={"status": "king"}).status_code == 400


def test_a_tag_is_added_by_name_and_taken_away(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    assert "Key account" in text(bob.post(f"{PAGE}/tags", data={"name": "Key account"}, htmx=True))
    assert bob.post(f"{PAGE}/tags", data={"name": " "}).status_code == 422
    tag = look(lambda session: session.scalar(select(Tag.id)))
    assert bob.post(f"{PAGE}/tags/{BOBS}/removal").status_code == 404
    assert bob.post(f"{PAGE}/tags/{tag}/removal").status_code == 303
    assert "Key account" not in text(bob.get(PAGE)).split('id="tags"')[1].split("</details>")[0]


def test_a_colleague_is_let_in_until_a_day(client_of: Client, look: Look, rhea: Actor) -> None:
    bob = client_of("bob")
    assert bob.post(f"{PAGE}/collaborators", data={"member_id": str(rhea.id), "right": "write", "until": "2999-12-31"}).status_code == 303
    shared = look(lambda session: session.scalars(select(Collaborator)).one())
    assert (shared.member_id, shared.may_write, shared.until) == (rhea.id, True, dt.datetime(2999, 12, 31, 15, 59, 59, tzinfo=dt.UTC))
    assert bob.post(f"{PAGE}/collaborators/{rhea.id}/removal").status_code == 303
    assert look(lambda session: session.scalars(select(Collaborator)).all()) == []


@pytest.mark.parametrize("data", [{}, {"member_id": str(BOBS)}, {"member_id": "MINE"}, {"until": "2020-01-01"}, {"right": "own"}, {"until": "x"}])
def test_a_wrong_colleague_is_422(client_of: Client, bob: Actor, rhea: Actor, data: dict[str, str]) -> None:
    data = (
        {"member_id": str(rhea.id), "right": "read"} | {key: str(bob.id) if value == "MINE" else value for key, value in data.items()} if data else {}
    )
    assert client_of("bob").post(f"{PAGE}/collaborators", data=data).status_code == 422


def test_one_keeps_an_eye_on_it(client_of: Client, look: Look, rhea: Actor) -> None:
    client = client_of("rhea")
    assert "Stop watching" in text(client.post(f"{PAGE}/watch", htmx=True))
    assert look(lambda session: session.scalars(select(Watch.member_id)).all()) == [rhea.id]
    client.post(f"{PAGE}/watch/removal")
    assert look(lambda session: session.scalars(select(Watch.member_id)).all()) == []


def test_a_grade_is_given_with_its_figures(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    form = text(bob.get(f"{PAGE}/evaluations"))
    period = re.search(r'<option[^>]*value="(\d{4}Q\d)"', form)
    assert period is not None
    figures = text(bob.get(f"{PAGE}/evaluations?period={period[1]}", htmx=True, headers={"HX-Target": "dl#figures"}))
    assert figures.lstrip().startswith("<dl") or "<dl" in figures
    assert "<html" not in figures
    assert bob.post(f"{PAGE}/evaluations", data={"period": period[1], "grade": "A", "remark": "Good"}).status_code == 303
    given = look(lambda session: session.scalars(select(Evaluation)).one())
    assert (given.period, given.grade, given.remark) == (period[1], "A", "Good")
    for wrong in ({"period": "1999Q1", "grade": "A"}, {"period": period[1], "grade": "Z"}, {"period": period[1]}):
        assert bob.post(f"{PAGE}/evaluations", data=wrong).status_code == 422


# -- files

PNG = b"\x89PNG\r\n\x1a\n"


def upload(client: Guest, *files: tuple[str, bytes], **how: Any) -> Any:
    """As a browser sends it: names in UTF-8, quotes and line breaks in them percent-encoded."""
    quoted = [(name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A"), content) for name, content in files]
    parts = [f'--cut\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode() + content for name, content in quoted]
    body = b"\r\n".join([*parts, b"--cut--\r\n"])
    return client.post(f"{PAGE}/attachments", data=body, content_type="multipart/form-data; boundary=cut", **how)


HOSTILE = [
    ("<script>alert(1)</script>.html", b"<script>alert(1)</script>", False),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", False),
    ("fake.png", b"<script>alert(1)</script>", False),
    ("true.png", PNG, True),
    ("..\\..\\evil\r\nX-Evil: 1.pdf", b"%PDF", False),
    ("报价单 2026.xlsx", b"PK\x03\x04", False),
    ("gnp.\u202eexe", b"MZ", False),
]


@pytest.mark.parametrize(("name", "content", "showable"), HOSTILE)
def test_a_file_never_runs_in_our_pages(client_of: Client, look: Look, name: str, content: bytes, *, showable: bool) -> None:
    bob = client_of("bob")
    assert upload(bob, (name, content)).status_code == 303
    page = text(bob.get(PAGE))
    assert "<script>alert" not in page
    key = look(lambda session: session.scalar(select(Attachment.id)))
    saved, shown = bob.get(f"attachments/{key}"), bob.get(f"attachments/{key}?shown=1")
    for answer in (saved, shown):
        assert answer.data == content
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "X-Evil" not in answer.headers
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert shown.headers["Content-Disposition"].startswith("inline" if showable else "attachment;")
    assert saved.mimetype not in {"text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript"}


def test_several_files_are_kept_and_what_is_empty_or_too_large_is_said(client_of: Client, look: Look) -> None:
    answer = upload(client_of("bob"), ("a.txt", b"a"), ("b.txt", b"b"), ("empty.txt", b""), ("large.bin", b"0" * (20 * 1024 * 1024 + 1)), htmx=True)
    assert "2 files added." in text(answer)
    assert "“empty.txt” is empty." in text(answer)
    assert "“large.bin” is too large" in text(answer)
    assert sorted(look(lambda session: session.scalars(select(Attachment.name)).all())) == ["a.txt", "b.txt"]


def test_no_file_says_so(client_of: Client, look: Look) -> None:
    assert "Choose 1 to 20 files." in text(upload(client_of("bob"), htmx=True))
    assert look(lambda session: session.scalars(select(Attachment)).all()) == []


def test_more_than_the_door_takes_is_413(client_of: Client) -> None:
    assert upload(client_of("bob"), ("huge.bin", b"0" * (26 * 1024 * 1024))).status_code == 413


def test_a_file_is_removed_and_brought_back(client_of: Client, look: Look) -> None:
    bob = client_of("bob")
    upload(bob, ("a.txt", b"a"))
    key = look(lambda session: session.scalar(select(Attachment.id)))
    answer = text(bob.post(f"attachments/{key}/removal", htmx=True))
    assert f"attachments/{key}/restoration" in answer
    assert bob.get(f"attachments/{key}").status_code == 404
    assert bob.post(f"attachments/{key}/restoration").status_code == 303
    assert bob.get(f"attachments/{key}").data == b"a"


# -- hostile words

PAYLOAD = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'


def test_words_of_people_are_only_words(client_of: Client, look: Look, bob: Actor) -> None:
    def fill(session: Session) -> None:
        customer = session.get_one(Customer, BOBS)
        for name in ("name", "short_name", "industry", "business", "standing", "region", "address", "rivals", "phone", "invoice_title", "remark"):
            setattr(customer, name, PAYLOAD)
        customer.website = "javascript:alert(1)"
        contact = session.get_one(Contact, prop("contact", "Bob"))
        for name in ("name", "department", "post", "wechat", "qq", "mail", "habits", "mobile", "phone", "address", "remark"):
            setattr(contact, name, PAYLOAD)
        session.get_one(Plan, prop("plan", "Bob")).content = PAYLOAD
        session.get_one(Opportunity, prop("opportunity", "Bob")).name = PAYLOAD
        followup = session.get_one(Followup, prop("followup", "Bob"))
        followup.content = followup.result = PAYLOAD
        session.add(Tag(name=PAYLOAD))
        for kind in ("customer.edited", "contact.edited", "attachment.added", "plan.made", "opportunity.moved", "member.joined", PAYLOAD):
            data = {"name": PAYLOAD, "content": PAYLOAD, "remark": PAYLOAD, "from": PAYLOAD, "to": PAYLOAD, "changes": {PAYLOAD: [PAYLOAD, PAYLOAD]}}
            session.add(Event(at=NOW, kind=kind, member_id=bob.id, customer_id=BOBS, opportunity_id=None, subject_id=None, data=data))

    look(fill)
    upload(client_of("bob"), (PAYLOAD, b"x"))
    client_of("bob").post(f"{PAGE}/tags", data={"name": "<img onerror=x>"})
    contact = prop("contact", "Bob")
    paths = ("", "/details", "/log", "/facts/industry", "/followups", "/plans", "/evaluations", "/collaborators", "/contacts/new")
    for path in (
        *(PAGE + path for path in paths),
        "plans",
        f"contacts/{contact}",
        f"contacts/{contact}/edit",
        f"followups/{prop('followup', 'Bob')}/edit",
    ):
        answer = client_of("bob").get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in text(answer), path
        assert "<img src=x" not in text(answer), path
        assert "<img onerror" not in text(answer), path
        assert 'href="javascript:' not in text(answer), path
        assert '49"' not in re.findall(r'value="[^"]*"', text(answer)), path
