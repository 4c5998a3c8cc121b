"""Which column is which, how it is done, and the first rows as they would be understood."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from flask import request, url_for
from flask.typing import ResponseReturnValue

from tenants.imports import asking
from tenants.imports.choices import choices
from tenants.imports.fields import FIELDS, KIND_NAMES, Kind
from tenants.imports.matching import IGNORED, missing
from tenants.imports.models import Import
from tenants.imports.options import POLICIES, POLICY_NAMES, Options
from tenants.imports.reading import unpack
from tenants.imports.rows import Reader
from tenants.imports.running import permissions
from tenants.imports.values import tags as split_tags
from tenants.imports.world import world_of
from tenants.team.queries import assignable, names_of, territory_tree
from tenants.timeline.changes import plain
from tenants.values.words import Refusal
from web.imports.books import choices_of, label_of
from web.imports.views import find_import, pages, refused, say
from web.mail import language
from web.timeline.fields import in_words
from web.ui.htmx import form_again, leave, page, tell, wants
from web.ui.say import gettext
from web.visit import here, permit

FIRST = 10  # rows of the preview
SAMPLES = 3
LANGUAGES = ("zh_Hans_CN", "en")


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of the preview: what it is understood as, or what is wrong with it."""

    text: str
    error: str = ""


@pages.get("/imports/<uuid:import_id>/columns")
def columns(import_id: uuid.UUID) -> ResponseReturnValue:
    one = find_import(import_id)
    if one.state not in ("matching", "checked") or not one.is_told or asking.job_is_open(here().session, one):
        return leave(url_for(".show", import_id=one.id))
    return page("imports/columns.html", **_told(one, one.fields, Options.read(one.options)))


@pages.post("/imports/<uuid:import_id>/columns")
def match(import_id: uuid.UUID) -> ResponseReturnValue:
    """Looks at the preview again, or keeps what was said and has all rows tried."""
    visit, one = here(), find_import(import_id)
    rows = _rows(one)
    fields, options = _fields(one, len(rows[0])), _options(one)
    if wants("preview"):
        return page("imports/columns.html", piece="preview", **_told(one, fields, options))
    if request.form.get("act") == "preview":
        return page("imports/columns.html", **_told(one, fields, options))
    wrong = _wrong(one, fields)
    permit(*permissions(one.kind, options.policy))
    if wrong:
        return form_again("imports/columns.html", **_told(one, fields, options, errors=wrong))
    try:
        asking.match(visit.session, one, rows[0], fields, options, at=visit.now)
        asking.ask_check(visit.session, one, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        tell(refused(refusal), kind="wait")
    return leave(url_for(".show", import_id=one.id))


def labels(label: str) -> list[str]:
    """A label in every language that we speak."""
    said = []
    for locale in LANGUAGES:
        with language(locale):
            said.append(gettext(label))
    return said


def _rows(one: Import) -> list[list[str]]:
    """The headings and the first rows below them that hold something."""
    if one.content is None:
        return [[]]
    told = islice(unpack(one.content), one.heading, one.heading + 60)
    heading, *rest = [*told] or [[]]
    rows = [row for row in rest if any(row)][:FIRST]
    wide = max(map(len, [heading, *rows]))
    return [[*row, *[""] * (wide - len(row))] for row in (heading, *rows)]


def _fields(one: Import, wide: int) -> list[str]:
    """As the form says; a field that is chosen twice counts for the first column."""
    known, taken = {field.key for field in FIELDS[cast(Kind, one.kind)]}, set()
    fields = []
    for column in range(wide):
        asked = request.form.get(f"field-{column}", IGNORED)
        fields.append(asked if asked in known and asked not in taken else IGNORED)
        taken.add(asked)
    return fields


def _options(one: Import) -> Options:
    visit, form, kind = here(), request.form, cast(Kind, one.kind)
    owner = form.get("owner_id", "")
    may_give = visit.actor.may("opportunity.transfer" if kind == "opportunity" else "customer.transfer")
    known = {str(key): key for key, _ in assignable(visit.session)} if may_give else {}
    return Options(
        policy=cast(Any, form.get("policy")) if form.get("policy") in POLICIES else "skip",
        owner_id=known.get(owner, visit.actor.id),
        tags=tuple(tag[:30] for tag in split_tags(form.get("tags", "")[:300])[:20]),
        makes_customers=form.get("makes_customers") == "1",
        choices=choices(kind, labels),
        offered={field.key: choices_of(field.key) for field in FIELDS[kind] if field.form == "option"},
        words={"author": gettext("Originally by %(name)s", name="%(name)s"), "contact": gettext("Contact: %(name)s", name="%(name)s")},
    )


def _wrong(one: Import, fields: Sequence[str]) -> list[str]:
    lacking = missing(cast(Kind, one.kind), fields)
    return [gettext("No column is “%(name)s”: choose the one that it stands in.", name=label_of(field)) for field in lacking]


def _told(one: Import, fields: Sequence[str], options: Options, errors: Sequence[str] = ()) -> dict[str, Any]:
    visit, kind = here(), cast(Kind, one.kind)
    heading, *rows = _rows(one)
    fields = [*fields, *[IGNORED] * (len(heading) - len(fields))]
    samples = [[row[column] for row in rows if row[column]][:SAMPLES] for column in range(len(heading))]
    may_give = visit.actor.may("opportunity.transfer" if kind == "opportunity" else "customer.transfer")
    return {
        "one": one,
        "kind_name": gettext(KIND_NAMES[kind]),
        "columns": list(zip(range(len(heading)), _headings(one, heading), fields, samples, strict=True)),
        "fields": [("", gettext("Leave out"))] + [(field.key, label_of(field) + (" *" if field.needed else "")) for field in FIELDS[kind]],
        "lacking": [label_of(field) for field in missing(kind, fields)],
        "policies": _policies(kind),
        "options": options,
        "owners": [(str(key), name) for key, name in assignable(visit.session)] if may_give and kind in ("customer", "opportunity") else [],
        "may_make": kind == "contact" and visit.actor.may("customer.create"),
        "errors": errors,
        "preview": _preview(one, fields, rows, options),
    }


def _headings(one: Import, heading: Sequence[str]) -> list[str]:
    """Business cards have no headings of their own: they were read into our fields."""
    known = {field.key: field for field in FIELDS[cast(Kind, one.kind)]}
    return [label_of(known[name]) if one.form == "vcard" and name in known else name for name in heading]


def _policies(kind: Kind) -> list[tuple[str, str]]:
    may_update = here().actor.may(f"{kind}.edit") and kind != "followup"
    return [(code, gettext(name)) for code, name in POLICY_NAMES.items() if code != "update" or may_update]


def _preview(one: Import, fields: Sequence[str], rows: Sequence[Sequence[str]], options: Options) -> dict[str, Any]:
    visit, kind = here(), cast(Kind, one.kind)
    known = choices(kind, labels)
    offered = {field: choices_of(field) for field in known}
    world = world_of(visit.session, zone=visit.zone, choices=known, offered=offered)
    names: dict[Any, str] = names_of(visit.session) | {branch.id: branch.name for branch in territory_tree(visit.session)}
    chosen = [field for field in FIELDS[kind] if field.key in fields]
    reader = Reader(kind, fields, world)
    lines = []
    for row in (reader.read(number, cells) for number, cells in enumerate(rows, start=one.heading + 2)):
        wrong = {told["field"]: say(told) for told in row.errors or ()}
        lines.append([Shown(_shown(field.key, row.values.get(field.key), names), wrong.get(field.key, "")) for field in chosen])
    return {"heads": [label_of(field) for field in chosen], "lines": lines}


def _shown(field: str, value: Any, names: dict[Any, str]) -> str:
    """As the pages of a record show it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return gettext(", ").join(value)
    if isinstance(value, uuid.UUID):
        return names.get(value, "")
    if hasattr(value, "name"):
        return str(value.name)
    bare = {"closed_on": "expected_close_on", "contact_mobile": "mobile"}.get(field, field)
    return in_words(bare, plain(value))
