"""One view answers a plain browser and htmx alike: a page or a piece of it, a redirect or an order to go there, a toast in both."""

from typing import Any, cast

from flask import Response, current_app, flash, g, get_flashed_messages, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

Toast = dict[str, str]


def is_htmx() -> bool:
    """htmx asks for a piece. The back button asks for whole pages and is not htmx in this sense."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def wants(target: str) -> bool:
    """htmx will put the answer into the element with this id."""
    return is_htmx() and request.headers.get("HX-Target", "").partition("#")[2] == target


def tell(sentence: str, *, kind: str = "good", undo: str | None = None) -> None:
    """Say it in a toast: beside the piece that htmx gets, or on the next page. `undo` is the address that takes it back when POSTed."""
    g.setdefault("toasts", []).append({"text": str(sentence), "kind": kind, "undo": undo or ""})


def toasts() -> list[Toast]:
    """What is to be said on this page, each once; for the layouts."""
    carried = cast(list[Toast], get_flashed_messages(category_filter=["toast"]))
    return carried + list(g.pop("toasts", []))


def page(template: str, /, *, piece: str | None = None, status: int = 200, **context: Any) -> AnyResponse:
    """The whole page, or for htmx only its `piece`: a template of its own ("customers/_rows.html") or a block of the page ("rows")."""
    if not (is_htmx() and piece):
        html = render_template(template, **context)
        return Response(html + _said() if wants("dialog") else html, status)
    html = render_template(piece, **context) if piece.endswith(".html") else block(template, piece, **context)
    return Response(html + _said(), status)


def piece(template: str, name: str | None = None, /, *, status: int = 200, **context: Any) -> AnyResponse:
    """A piece for htmx with the toasts beside it: a template, or the block `name` of one."""
    html = block(template, name, **context) if name else render_template(template, **context)
    return Response(html + _said(), status)


def form_again(template: str, /, *, piece: str | None = None, **context: Any) -> AnyResponse:
    """The form with its errors and all that was typed, 422: the page, or for htmx its `piece`. Pages on `dialog_or_page()` need no piece."""
    return page(template, piece=piece, status=422, **context)


def dialog_or_page() -> str:
    """The layout for a form that opens in the dialog when htmx asks for it, and is a page of its own otherwise."""
    return "layouts/dialog.html" if wants("dialog") else "layouts/workspace.html"


def block(template: str, name: str, /, **context: Any) -> Markup:
    """One named block of a template, without the page around it."""
    current_app.update_template_context(context)
    page = current_app.jinja_env.get_template(template)
    scope = page.new_context(context)
    # Imports at the top of a template happen when its root runs: run it up to its first word, and the block finds its macros.
    root = page.root_render_func(scope)
    next(root, None)
    root.close()  # type: ignore[attr-defined]  # it is a generator
    return Markup("".join(page.blocks[name](scope)))  # noqa: S704  # it comes out of a template that escapes


def leave(address: str) -> AnyResponse:
    """Done, and on to another page: 303, or 204 with HX-Redirect. Toasts are said there."""
    for toast in g.pop("toasts", []):
        flash(toast, "toast")
    return Response(status=204, headers={"HX-Redirect": address}) if is_htmx() else redirect(address, 303)


def done(address: str, html: str = "", *, close_dialog: bool = False) -> AnyResponse:
    """Done, and stay: the changed piece with its toasts for htmx, 303 to `address` for a plain browser."""
    if not is_htmx():
        return leave(address)
    answer = Response(str(html) + _said())
    if close_dialog:
        answer.headers["HX-Trigger"] = "dialog:close"
    return answer


def _said() -> str:
    said = toasts()
    return render_template("ui/toasts_piece.html", toasts=said) if said else ""
