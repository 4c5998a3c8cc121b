"""A few hostile files of each family; `python -m tests.faults files` tries all of them, for they take minutes."""

import io
from collections.abc import Callable

import pytest

from tests.faults.files import all_files
from tests.faults.reading import Read, try_apart
from tests.world.door import Guest

FEW = {
    "a billion laughs": "Suspicious",
    "a sheet of spaces": "Bomb",
    "something in cell 'XFD1048576'": "FarCell",
    "a table that says it is as large as can be": "NoRows",
    "an entity that is a file": "Suspicious",
    "a part called '../../../../tmp/zuke-was-here.'": "2 rows",
    "a wrong checksum": "BrokenFile",
    "encrypted parts": "Encrypted",
    "a page before a workbook": "WebPage",
    "a workbook before a workbook": "NoRows",
    "a quotation mark that is never closed": "LineTooLong",
    "a million columns in the head": "TooManyColumns",
    "zeros in a card": "2 rows",
}


def test_there_are_many() -> None:
    assert len(all_files()) >= 150


@pytest.fixture(scope="module")
def read() -> dict[str, Read]:
    return {one.name: one for one in try_apart(list(FEW))}


@pytest.mark.parametrize(("name", "said"), FEW.items())
def test_a_hostile_file_is_read_or_refused_and_nothing_else(read: dict[str, Read], name: str, said: str) -> None:
    one = read[name]
    assert (one.said, one.trouble) == (said, "")


def test_the_upload_answers_with_a_sentence(client_of: Callable[[str], Guest]) -> None:
    """By the door: a page that says what is wrong, or the next step. (Of a large body the test's own client leaves a file open behind it.)"""
    alice = client_of("alice")
    for name, said in FEW.items():
        if len(content := all_files()[name]()) > 400_000:
            continue
        file = (io.BytesIO(content), "../../a.xlsx")
        answer = alice.post("imports", data={"kind": "customer", "file": file}, content_type="multipart/form-data")
        is_read = said.endswith("rows") and "card" not in name
        assert answer.status_code == (303 if is_read else 422), name
