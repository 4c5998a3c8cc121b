"""An import of some hundred rows: all of them are there, or none."""

import time
from collections.abc import Iterator

import psycopg

from tests.faults.books import Deed
from tests.faults.person import Person
from tests.faults.scene import Scene, new_mark

ROWS = 300
PATIENCE = 40.0  # seconds for the dry run


def import_customers(scene: Scene, person: Person) -> None:
    """Chooses a file, says what its columns are, has it tried, and run."""
    mark = new_mark()
    with scene.books.deed("import", mark, person.slug) as deed:
        place = chosen(person, mark)
        if place is None or not matched(person, place) or not tried(person, place):
            return
        answer = person.post(f"{place}/run", {}, page=place)
        deed.status, deed.answered = (answer.status_code if answer is not None else None), time.time()


def chosen(person: Person, mark: str, rows: int = ROWS) -> str | None:
    """The path of the import that was begun."""
    table = "客户名称,手机,联系人\n" + "".join(f"{mark} {number},138{number:08},人{number}\n" for number in range(rows))
    file = {"file": (f"{mark}.csv", table.encode(), "text/csv")}
    answer = person.post("imports", {"kind": "customer"}, page="imports/new", files=file)
    return answer.headers["Location"].removesuffix("/columns") if answer is not None and answer.status_code == 303 else None


def matched(person: Person, place: str) -> bool:
    form = {"field-0": "name", "field-1": "contact_mobile", "field-2": "contact_name", "policy": "create"}
    answer = person.post(f"{place}/columns", form, page=f"{place}/columns")
    return answer is not None and answer.status_code < 400


def tried(person: Person, place: str, patience: float = PATIENCE) -> bool:
    """The page offers to run it, sooner or later."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        answer = person.get(place)
        if answer is not None and f'{place}/run"' in answer.text:
            return True
        time.sleep(0.3)
    return False


def troubles_of_imports(scene: Scene, deeds: list[Deed]) -> Iterator[str]:
    with scene.machine.admin() as admin:
        for deed in deeds:
            key = scene.tenant(deed.company).key
            found = _number(admin, f"SELECT count(*) FROM {key}.customers WHERE name LIKE %s", f"{deed.mark} %")
            jobs = admin.execute(
                f"SELECT j.state, i.state FROM {key}.imports i JOIN {key}.jobs j ON j.id = i.job_id WHERE j.kind = 'import' AND i.name = %s".encode(),
                (f"{deed.mark}.csv",),
            ).fetchall()
            wanted = ROWS if ("done", "done") in jobs else 0
            if found != wanted:
                yield f"import {deed.mark} is {jobs} and {found} of its {ROWS} rows are there"
            if deed.said_yes and [job for job, _ in jobs] not in (["done"], ["failed"]):
                yield f"import {deed.mark} was promised and is {jobs}"


def _number(admin: psycopg.Connection, query: str, *values: str) -> int:
    row = admin.execute(query.encode(), values).fetchone()
    return int(row[0]) if row else 0
