"""How much is taken of one file. Said before the upload, and checked after it."""

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
LONGEST_ADDRESS = 200  # characters; the geocoder takes no more

# A workbook is a zip, and its sheet is held in memory as a rectangle.
MAX_UNPACKED = 500 * 1024 * 1024
MAX_CELLS = 10_000_000
