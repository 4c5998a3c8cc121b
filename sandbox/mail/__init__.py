"""A mail server that delivers nothing, and a page to read what it was given."""
