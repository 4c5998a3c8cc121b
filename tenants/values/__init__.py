"""Values: immutable, pure, without database, clock or Flask. Whatever needs "now" or "today" is told it."""
