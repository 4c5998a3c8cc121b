"""How the pages of our stand-ins look, and in which language: a frame and styles that they share. Each has its own words beside it."""

from flask import Blueprint, Flask, request

__all__ = ["language", "put_on"]


def put_on(app: Flask) -> None:
    """The app's templates may extend look.html then, and say which of their own `styles` come after its."""
    look = Blueprint("look", __name__, static_folder="static", static_url_path="/look", template_folder="templates")
    app.register_blueprint(look)


def language() -> str:
    best = request.accept_languages.best_match(["zh-CN", "zh", "en"], "zh-CN")
    return "en" if best == "en" else "zh-CN"
