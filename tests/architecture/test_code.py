"""Rules of the house that a program can check. What cannot be checked by ruff, mypy or import-linter is checked here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANES = ("saas", "tenants", "web", "workers", "migrations", "sandbox")
LONGEST_FUNCTION = 40  # lines
LONGEST_FILE = 300
BANNED = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "handler", "handlers", "misc", "service", "services", "data", "info"}
# Where SQL is put together: names of schemas and roles cannot be parameters. They are checked (is_tenant_key) or our own.
# page.py: names of columns in JSON, which are keyword arguments in the same file.
MAY_BUILD_SQL = ("tenants/wall/", "saas/cells/", "migrations/", "tenants/customers/page.py")


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")) if not path.name.startswith("0001_")]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


CODE = files(*PLANES)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


def test_functions_are_short() -> None:
    long = [
        f"{name(path)}:{function.lineno} {function.name}: {length} lines"
        for path in CODE
        for function in functions(path)
        if (length := lines_of(function)) > LONGEST_FUNCTION
    ]
    assert long == []


def lines_of(function: ast.FunctionDef) -> int:
    """Without its docstring."""
    first = function.body[0]
    is_said = isinstance(first, ast.Expr) and ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_said else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_files_are_short() -> None:
    long = {name(path): lines for path in CODE if (lines := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert long == {}


def test_a_stranger_can_guess_the_file() -> None:
    banned = [name(path) for path in CODE if {path.stem, path.parent.name} & BANNED]
    assert banned == []


def test_classes_are_named_after_things() -> None:
    endings = ("Manager", "Handler", "Helper", "Service", "Repository", "Util", "Utils")
    banned = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.endswith(endings)
    ]
    assert banned == []


def is_put_together(node: ast.expr) -> bool:
    """An f-string with something in it, `+`, `%`, or .format()."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod) or is_put_together(node.left) or is_put_together(node.right)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "format_map"}


def test_sql_is_not_put_together_from_strings() -> None:
    asks = {"text", "exec_driver_sql", "execute", "literal_column", "scalar", "scalars"}
    found = [
        f"{name(path)}:{node.lineno}"
        for path in CODE
        if not name(path).startswith(MAY_BUILD_SQL)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and called(node) in asks and node.args and is_put_together(node.args[0])
    ]
    assert found == []


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@pytest.mark.parametrize("verb", ["commit", "rollback"])
def test_the_domain_does_not_end_transactions(verb: str) -> None:
    """The request or the job commits, once. Only a sign-up works in both planes, and takes back what it did in one when the other fails."""
    assert calls_of({verb}, files("saas", "tenants"), but=("tenants/wall/", "saas/signup/")) == []


def test_the_domain_does_not_read_the_clock() -> None:
    """It is told what time it is, so that a test can tell it too."""
    assert calls_of({"utcnow", "today"}, files("saas", "tenants"), but=()) == []
    found = [
        f"{name(path)}:{node.lineno}"
        for path in files("saas", "tenants")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and called(node) == "now" and "func" not in ast.unparse(node.func)
    ]
    assert found == []


def calls_of(names: set[str], paths: list[Path], *, but: tuple[str, ...]) -> list[str]:
    return [
        f"{name(path)}:{node.lineno}"
        for path in paths
        if not name(path).startswith(but or ("nowhere",))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def test_nothing_reflects_at_run_time() -> None:
    """A million columns make introspection slow; only `migrations/shape.py` looks, for developers."""
    words = ("information_schema", "automap_base", ".reflect(", "autoload_with", "inspect(engine")
    assert [f"{name(path)}: {word}" for path in CODE for word in words if word in path.read_text()] == []


def test_nobody_swallows_errors() -> None:
    """`except …: pass` for everything hides what went wrong."""
    silent = [
        f"{name(path)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and is_broad(node) and all(isinstance(step, ast.Pass) for step in node.body)
    ]
    assert silent == []


def is_broad(node: ast.ExceptHandler) -> bool:
    return node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})


def test_nothing_is_left_for_later() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:")
    assert [f"{name(path)}: {word}" for path in [*CODE, *files("tests")] for word in words if word in path.read_text()] == []


def test_no_words_hide_in_f_strings() -> None:
    """Before Python 3.12 the catalogues do not find a gettext inside one: it would stay English for ever."""
    hidden = [
        f"{name(path)}:{call.lineno}"
        for path in CODE
        for joined in ast.walk(ast.parse(path.read_text()))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"gettext", "ngettext", "N_", "_l", "_"}
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []
