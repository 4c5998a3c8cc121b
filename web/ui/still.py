"""Parts of every page that depend on nothing but the language: rendered once for each, then kept as text."""

from functools import lru_cache

from flask import current_app, render_template
from flask_babel import get_locale
from markupsafe import Markup


def still(template: str) -> Markup:
    """still("ui/keys.html"): the template must not look at the request, the person or the clock."""
    if current_app.jinja_env.auto_reload:
        return _render(template)
    return _kept(current_app.import_name, template, str(get_locale()))


@lru_cache(maxsize=32)
def _kept(app: str, template: str, locale: str) -> Markup:
    return _render(template)


def _render(template: str) -> Markup:
    return Markup(render_template(template))  # noqa: S704  # it comes out of a template that escapes
