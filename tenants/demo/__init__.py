"""A furnished sample company: made up from a seed, written in few strokes, and taken away again without touching anybody's work."""
