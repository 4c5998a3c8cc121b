"""The furnished demo companies, one in Chinese and one in English, whose colleagues can sign in. Made once; a second call only tells the sign-ins."""

import datetime as dt
import uuid
from dataclasses import dataclass

from flask_babel import force_locale, gettext
from sqlalchemy import select

from saas.identity.models import Membership, Person
from saas.identity.passwords import hash_password
from saas.identity.people import find_person, register
from saas.operator.models import SupportVisit
from saas.operator.rules import LONGEST
from saas.registry.models import Tenant as TenantRow
from saas.signup.signup import Application, Lease, Newcomer, Signup
from tenants.demo.furnish import furnish, vocabulary
from tenants.team.actor import find_actor
from tenants.wall.session import inside
from tenants.workspace import settings
from web.database import FIRST_CELL, db, engine_of

PASSWORD = "zuke-demo-2026"  # noqa: S105 - printed at every start; the demo exists in development only
SUPPORT = "support@zuke.example"
# Who of us looked in some days ago, and why: so that the page of visits is seen alive.
VISITS = {
    "zh_Hans_CN": ("陈誉", "客户来电反映周一导入的联系人缺少手机号，需要查看导入结果以定位原因。"),
    "en": ("Ruth Cole", "You wrote that Monday's import lost the mobile numbers; we look at its result to find out why."),
}
BOSSES = {"zh_Hans_CN": ("qinghe", "林青", "boss@qinghe.example"), "en": ("fernhill", "Margaret Hill", "boss@fernhill.example")}


@dataclass(frozen=True, slots=True)
class SignIn:
    company: str
    slug: str
    name: str
    post: str
    mail: str
    password: str = PASSWORD


def furnish_demo(at: dt.datetime) -> list[SignIn]:
    """The sign-ins of both companies, which stand when it returns."""
    return [sign_in for locale in BOSSES for sign_in in _company(locale, at)]


def _company(locale: str, at: dt.datetime) -> list[SignIn]:
    slug, boss, mail = BOSSES[locale]
    words = vocabulary(locale)
    if db.session.scalar(select(TenantRow.id).where(TenantRow.slug == slug)) is None:
        _move_in(locale, at)
    staff = [SignIn(words.company, slug, colleague.name, colleague.post, f"{colleague.mail}@{words.domain}") for colleague in words.colleagues]
    with force_locale(locale):
        return [SignIn(words.company, slug, boss, gettext("Boss"), mail), *staff]


def _move_in(locale: str, at: dt.datetime) -> None:
    """Everybody's account and membership become real with the company, in one commit of the landlord's."""
    slug, boss, mail = BOSSES[locale]
    db.session.remove()
    newcomer = Newcomer(mail, boss, hash_password(PASSWORD), is_confirmed=True)
    application = Application(vocabulary(locale).company, slug, locale, newcomer)
    engine = engine_of(FIRST_CELL)
    with force_locale(locale), Signup(db.engine, FIRST_CELL, engine).of(application, at=at, say=gettext) as lease:
        people = _staff(lease, locale, at)
        _visit(lease, locale, at)
        with inside(lease.tenant, engine, timeout=120_000) as room:
            owner = find_actor(room, lease.person.id)
            if owner is None:
                raise LookupError(f"{slug} was founded without its owner")
            settings.write(room, "first_steps", {"dismissed": True}, at=at)
            furnish(room, locale=locale, zone=lease.tenant.zone, by=owner, at=at, people=people)


def _visit(lease: Lease, locale: str, at: dt.datetime) -> None:
    """One of our staff was there, with a reason."""
    name, reason = VISITS[locale]
    known = find_person(lease.landlord, SUPPORT)
    person = known or register(lease.landlord, mail=SUPPORT, name="Zuke", password_hash=None, locale=locale, at=at)
    began_at = at - dt.timedelta(days=3, hours=2)
    lease.landlord.add(
        SupportVisit(
            tenant_id=lease.tenant.id,
            person_id=person.id,
            session_id=uuid.uuid4(),
            name=name,
            reason=reason,
            began_at=began_at,
            ends_at=began_at + LONGEST,
            ended_at=began_at + dt.timedelta(minutes=14),
            ending="left",
            rooms=["workbench", "imports", "contacts"],
        )
    )


def _staff(lease: Lease, locale: str, at: dt.datetime) -> dict[str, uuid.UUID]:
    words, secret = vocabulary(locale), hash_password(PASSWORD)
    people: dict[str, Person] = {}
    for colleague in words.colleagues:
        mail = f"{colleague.mail}@{words.domain}"
        people[colleague.key] = register(
            lease.landlord, mail=mail, name=colleague.name, password_hash=secret, locale=locale, at=at, is_confirmed=True
        )
    lease.landlord.flush()
    for person in people.values():
        lease.landlord.add(Membership(person_id=person.id, tenant_id=lease.tenant.id, created_at=at))
    return {key: person.id for key, person in people.items()}
