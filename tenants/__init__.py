"""One tenant's world: its own schema, its own database role, no knowledge of HTTP, of queues or of other tenants."""
