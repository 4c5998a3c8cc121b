"""The engine room: does what is due. Truth is in PostgreSQL; Redis only says that there is something to look at."""
