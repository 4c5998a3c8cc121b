"""Vendored files are what their table says, and nothing else is served from outside."""

import re
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parents[3] / "web" / "static"
TEMPLATES = STATIC.parent / "templates"
ROW = re.compile(r"^\| \S+ \| \S+ \| \S+ \| .+ \| `(?P<path>[^`]+)` \| `(?P<sum>[0-9a-f]{64})` \|$", re.MULTILINE)


def test_the_sums_are_those_of_the_table() -> None:
    rows = {row["path"]: row["sum"] for row in ROW.finditer((STATIC / "vendor" / "README.md").read_text())}
    files = {path.relative_to(STATIC / "vendor").as_posix(): sha256(path.read_bytes()).hexdigest() for path in (STATIC / "vendor").rglob("*.min.*")}
    assert {path: rows.get(path) for path in files} == files
    assert all((STATIC / "vendor" / path).is_file() for path in rows)


def test_each_vendored_folder_has_its_licence() -> None:
    folders = [path for path in (STATIC / "vendor").iterdir() if path.is_dir()]
    assert folders
    assert [folder.name for folder in folders if not (folder / "LICENSE").is_file()] == []


def test_every_style_sheet_is_imported_into_a_layer_and_tabler_into_the_lowest() -> None:
    text = (STATIC / "css" / "app.css").read_text()
    order = re.search(r"@layer ([^;]+);", text)
    assert order is not None
    assert order[1].split(", ")[0] == "vendor"
    imports = dict(re.findall(r'@import url\("([^"]+)"\) layer\((\w+)\);', text))
    assert text.count("@import") == len(imports)
    assert {layer for path, layer in imports.items() if "vendor" in path} == {"vendor"}
    assert {path.name for path in (STATIC / "css").glob("*.css")} - {"app.css"} == {path for path in imports if "/" not in path}


def test_templates_hold_nothing_that_the_csp_forbids() -> None:
    forbidden = re.compile(
        r"""<style|\sstyle=["']|\son[a-z]+=["']|hx-on|["']js:|javascript:|hx-trigger="[^"]*\[|<script(?![^>]*(?:src=|application/json))"""
    )
    found = [
        f"{path.relative_to(TEMPLATES)}:{number}: {line.strip()[:80]}"
        for path in TEMPLATES.rglob("*.html")
        if "mail" not in path.parts  # mail programs want their styles inline
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []
