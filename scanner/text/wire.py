"""What passes between the kiosk and its reading process; known to both, heavy for neither."""

import struct

PAGE_SECONDS = 20.0

PAGE = struct.Struct("!IId")
"""Height, width, seconds; then height * width * 3 bytes BGR."""

TEXT = struct.Struct("!I")
"""Length of the JSON of a PageText that follows."""
