"""查重: customers that may be the same one, in the whole firm. Who may not see a customer learns only that it exists and whose it is."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Text, bindparam, cast, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.customers.rules import is_credit_code
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import visible
from tenants.values import names
from tenants.values import phones as telephones

Reason = Literal["credit_code", "phone", "name", "similar"]
REASONS: dict[Reason, int] = {"credit_code": 0, "phone": 1, "name": 2, "similar": 3}  # the surest first
SIMILAR = 0.85
CANDIDATES = 400  # names that are compared for likeness
SHOWN = 8
SHORTEST_NAME = 2  # characters of a core name worth comparing
SHORTEST_PHONE = 7  # digits


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`is_certain`: only a person can say that it is another one after all. For who may not see it, `name` and `number` are empty."""

    id: uuid.UUID
    name: str
    number: str
    owner: str | None
    reason: Reason
    is_visible: bool

    @property
    def is_certain(self) -> bool:
        return self.reason == "credit_code"


def find_duplicates(
    session: Session, actor: Actor, *, name: str = "", phones: Iterable[str | None] = (), credit_code: str | None = None, but: uuid.UUID | None = None
) -> list[Duplicate]:
    """At most `SHOWN`, the surest first. `but`: the customer that asks about itself."""
    keys = [key for phone in phones if phone and len(key := _key(phone)) >= SHORTEST_PHONE]
    code = (credit_code or "").strip().upper()
    reasons: list[tuple[Reason, ColumnElement[bool]]] = []
    if code:
        reasons.append(("credit_code", Customer.credit_code == code))
    if keys:
        reasons.append(("phone", or_(*(_found_by(f"'{key}'") for key in keys))))
    core = names.core_name(name)
    if len(core) >= SHORTEST_NAME:
        reasons.append(("name", Customer.core_name == core))
    found: dict[uuid.UUID, Duplicate] = {}
    for reason, match in reasons:
        for one in _read(session, actor, match, reason, limit=SHOWN):
            found.setdefault(one.id, one)
    if len(core) >= SHORTEST_NAME and len(found) < SHOWN:
        for one in _similar(session, actor, name, core):
            found.setdefault(one.id, one)
    return [one for one in found.values() if one.id != but][:SHOWN]


def look_up(session: Session, actor: Actor, query: str) -> list[Duplicate]:
    """The 查重 box: what was typed may be a name, a phone number or a credit code."""
    text = " ".join(query.split())
    code = text.upper().replace(" ", "")
    if is_credit_code(code):
        return find_duplicates(session, actor, credit_code=code)
    if len(_key(text)) >= SHORTEST_PHONE and not any(char.isalpha() for char in text):
        return find_duplicates(session, actor, phones=[text])
    return find_duplicates(session, actor, name=text)


def _key(phone: str) -> str:
    return telephones.search_key(telephones.normalise(phone))


def _found_by(lexeme: str) -> ColumnElement[bool]:
    return Customer.search.bool_op("@@")(cast(bindparam(None, lexeme, Text()), TSQUERY))


def _read(session: Session, actor: Actor, match: ColumnElement[bool], reason: Reason, *, limit: int) -> list[Duplicate]:
    query = (
        select(Customer.id, Customer.name, Customer.number, Member.name, visible(Customer, actor).label("is_visible"))
        .outerjoin(Member, Member.id == Customer.owner_id)
        .where(Customer.deleted_at.is_(None), match)
        .order_by(Customer.id)
        .limit(limit)
    )
    return [
        Duplicate(key, name if seen else "", number if seen else "", owner, reason, bool(seen))
        for key, name, number, owner, seen in session.execute(query)
    ]


def _similar(session: Session, actor: Actor, name: str, core: str) -> list[Duplicate]:
    """Names that share a beginning, by character or by sound, compared one by one."""
    lexemes = _beginnings(core)
    if not lexemes:
        return []
    query = (
        select(Customer.id, Customer.core_name, Customer.name).where(Customer.deleted_at.is_(None), _found_by(" | ".join(lexemes))).limit(CANDIDATES)
    )
    candidates = {key: (other, full) for key, other, full in session.execute(query)}
    near = process.extract(core, {key: other for key, (other, _) in candidates.items()}, scorer=fuzz.ratio, limit=SHOWN * 2, score_cutoff=60)
    alike = [key for _, _, key in near if names.similarity(name, candidates[key][1]) >= SIMILAR]
    return _read(session, actor, Customer.id.in_(alike), "similar", limit=SHOWN) if alike else []


def _beginnings(core: str) -> list[str]:
    """Two bigrams and the sound of the first characters; of a Latin name its first two words."""
    terms = [names.search_query(part) for part in ((core[:2], core[1:3]) if names.is_cjk(core) else core.split()[:2])]
    sound = names.search_query(names.pinyin(core[:2])) if names.is_cjk(core) else None
    return [term for term in dict.fromkeys((*terms, sound)) if term]
