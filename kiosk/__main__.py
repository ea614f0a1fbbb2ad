"""Command line of the kiosk: `python -m kiosk schema`."""

import json
import sys

from kiosk.schema import page_schema


def main() -> int:
    """Print the schema of the page's frames."""
    json.dump(page_schema(), sys.stdout, indent=2, sort_keys=True)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
