"""Exports: for who may take records out of the house."""

from tests.wall.routes import tenant

LEADERS = "alice mei"
CHOSEN = {"listed": "", "what": "customers", "columns": "shown", "format": "csv"}

ROUTES = {"GET exports.new": tenant(may=LEADERS, of="customers"), "POST exports.create": tenant(may=LEADERS, of="customers", data=CHOSEN)}
