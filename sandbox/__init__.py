"""Stand-ins for the outside world in development and tests. Nothing here starts in production."""
