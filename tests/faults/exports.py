"""An export that was asked for ends with its file, whole; or with none, and a reason."""

import csv
import io
import time
from collections.abc import Iterator

from tests.faults.books import Deed
from tests.faults.person import Person
from tests.faults.scene import Scene

FORM = {"listed": "", "what": "customers", "columns": "all", "format": "csv"}


def export(scene: Scene, person: Person) -> None:
    """`mark` is the job's id, known only once it was promised."""
    with scene.books.deed("export", "", person.slug) as deed:
        answer = person.post("exports/customers", FORM, page="customers")
        deed.status, deed.answered = (answer.status_code if answer is not None else None), time.time()
        if deed.said_yes and answer is not None:
            deed.mark = answer.headers["Location"].rpartition("/")[2]


def troubles_of_exports(scene: Scene, deeds: list[Deed]) -> Iterator[str]:
    with scene.machine.admin() as admin:
        for deed in deeds:
            if not deed.said_yes:
                continue
            key = scene.tenant(deed.company).key
            query = f"SELECT state, result->>'rows' FROM {key}.jobs WHERE id = %s"
            job = admin.execute(query.encode(), (deed.mark,)).fetchone()
            files = admin.execute(f"SELECT content FROM {key}.job_files WHERE job_id = %s".encode(), (deed.mark,)).fetchall()
            if job is None or job[0] not in {"done", "failed"}:
                yield f"export {deed.mark} was promised and is {job}"
            elif len(files) != (job[0] == "done"):
                yield f"export {deed.mark} is {job[0]} and has {len(files)} files"
            elif files and _rows(files[0][0]) != int(job[1]):
                yield f"the file of export {deed.mark} holds {_rows(files[0][0])} rows of {job[1]}"


def _rows(content: bytes) -> int:
    return sum(1 for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) if row) - 1
