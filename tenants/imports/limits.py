"""How much one file may hold."""

from typing import Final

BYTES: Final = 20 * 1024 * 1024
ROWS: Final = 50_000
COLUMNS: Final = 100
TITLES: Final = 10  # rows above the headings that are looked through
CELL: Final = 30_000  # characters; a workbook's cell holds 32,767
INFLATED: Final = 300 * 1024 * 1024  # bytes that a workbook may unpack to
RATIO: Final = 300  # times its size that one part of it may unpack to, from `RATIO_FROM` on
RATIO_FROM: Final = 5 * 1024 * 1024
PARTS: Final = 5_000
# Of the process that reads it:
SECONDS: Final = 40
MEMORY: Final = 480 * 1024 * 1024
OUTPUT: Final = 200 * 1024 * 1024
