"""The cast. Alice owns alpha; Mei leads the team in which Bob sells; Rhea may only read; Charlie owns beta; Olga runs Zuke."""

import datetime as dt
import uuid
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from saas.cells.models import Bell
from saas.cells.vacancies import claim
from saas.identity.models import Membership, Person
from saas.identity.sessions import value_of
from saas.operator.models import Operator
from saas.registry.models import Tenant as TenantRow
from saas.world import LandlordBase
from tenants.founding import found
from tenants.team.models import Member, Role, Team
from tenants.wall.engine import make_engine
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.world.stage import furnish

PASSWORD = "a long enough password"
BEGINNING = dt.datetime(2026, 1, 5, 1, 0, tzinfo=dt.UTC)
NAMESPACE = uuid.UUID("6f7d3d1e-0000-7000-8000-000000000000")
# name -> (company, role there)
ROLES = {
    "alice": ("alpha", "owner"),
    "mei": ("alpha", "sales_manager"),
    "bob": ("alpha", "sales"),
    "rhea": ("alpha", "read_only"),
    "charlie": ("beta", "owner"),
}
COMPANIES = {"alpha": "Alpha Trading", "beta": "Beta Works"}


@dataclass(frozen=True, slots=True)
class Player:
    """One of the cast: `person_id` in the landlord's plane, `member_id` in the company's."""

    name: str
    person_id: uuid.UUID
    company: str | None
    member_id: uuid.UUID | None

    @property
    def mail(self) -> str:
        return f"{self.name}@{self.company or 'zuke'}.example"


def fixed_id(name: str) -> uuid.UUID:
    """The same id for the same name, in every process."""
    return uuid.uuid5(NAMESPACE, name)


def enter_stage(app_url: str) -> None:
    """Puts the cast into a database that has been migrated and has two vacant schemas at least."""
    assert LandlordBase.metadata.tables
    engine = make_engine(app_url)
    with open_session(engine, landlord_plane()) as landlord:
        _people(landlord)
        landlord.flush()
        landlord.add(Operator(person_id=fixed_id("olga"), role="operator", added_at=BEGINNING))
        landlord.commit()
        tenants = {slug: _rent(landlord, slug) for slug in COMPANIES}
        landlord.commit()
    _staff(engine, tenants["alpha"])
    with inside(tenants["beta"], engine) as session:
        _found(session, "beta", "charlie")
        furnish(session, owner=_member(session, "charlie"), name="Beta")
    with open_session(engine, landlord_plane()) as landlord:
        landlord.execute(delete(Bell))  # a claim rings for the pool, a firm for its mornings; the play begins in silence
        landlord.commit()
    engine.dispose()


def _people(landlord: Session) -> None:
    password_hash = PasswordHasher().hash(PASSWORD)
    for name in (*ROLES, "olga"):
        company = ROLES[name][0] if name in ROLES else "zuke"
        landlord.add(
            Person(
                id=fixed_id(name),
                mail=f"{name}@{company}.example",
                name=name.title(),
                password_hash=password_hash,
                mail_confirmed_at=BEGINNING,
                locale="en",
                created_at=BEGINNING,
            )
        )


def _rent(landlord: Session, slug: str) -> Tenant:
    row = TenantRow(
        id=fixed_id(slug),
        key=claim(landlord, at=BEGINNING),
        slug=slug,
        name=COMPANIES[slug],
        cell="main",
        state="active",
        locale="en",
        timezone="Asia/Shanghai",
        created_at=BEGINNING,
    )
    landlord.add(row)
    landlord.flush()
    for name, (company, _) in ROLES.items():
        if company == slug:
            landlord.add(Membership(person_id=fixed_id(name), tenant_id=row.id, created_at=BEGINNING))
    return as_value(row)


def as_value(row: TenantRow) -> Tenant:
    return value_of(row)


def _found(session: Session, slug: str, owner: str) -> Member:
    mail = f"{owner}@{slug}.example"
    return found(session, company=COMPANIES[slug], person_id=fixed_id(owner), name=owner.title(), mail=mail, at=BEGINNING, say=str)


def _staff(engine: Engine, alpha: Tenant) -> None:
    """Mei leads the sales team; Bob is in it. Alice and Rhea are in no team."""
    with inside(alpha, engine) as session:
        alice = _found(session, "alpha", "alice")
        roles = {role.key: role.id for role in session.scalars(select(Role))}
        team_id = fixed_id("sales team")
        team = Team(id=team_id, name="Sales", path=f"/{team_id}/")
        session.add(team)
        session.flush()
        for name in ("mei", "bob", "rhea"):
            session.add(
                Member(
                    person_id=fixed_id(name),
                    name=name.title(),
                    mail=f"{name}@alpha.example",
                    role_id=roles[ROLES[name][1]],
                    team_id=None if name == "rhea" else team_id,
                    joined_at=BEGINNING,
                )
            )
        session.flush()
        team.leader_id = _member(session, "mei").id
        furnish(session, owner=alice, name="Alice")
        furnish(session, owner=_member(session, "bob"), name="Bob")


def _member(session: Session, name: str) -> Member:
    return session.scalars(select(Member).where(Member.person_id == fixed_id(name))).one()


def call_players(engine: Engine) -> tuple[dict[str, Tenant], dict[str, Player]]:
    """The companies and the cast, as they are found in the database."""
    with open_session(engine, landlord_plane()) as landlord:
        tenants = {row.slug: as_value(row) for row in landlord.scalars(select(TenantRow))}
    members: dict[uuid.UUID | None, uuid.UUID] = {}
    for tenant in tenants.values():
        with inside(tenant, engine) as session:
            members |= {person_id: key for key, person_id in session.execute(select(Member.id, Member.person_id)).all()}
    names = {name: company for name, (company, _) in ROLES.items()} | {"olga": None}
    return tenants, {name: Player(name, fixed_id(name), company, members.get(fixed_id(name))) for name, company in names.items()}
