"""Routes of the house itself."""

from tests.wall.routes import public

ROUTES = {"GET healthz": public(), "GET asset": public(version="0", name="icons.svg", answers={200, 404})}
