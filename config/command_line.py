"""How every command of ours begins."""

import sys

from config import logging
from config.settings import Settings, load


def begin() -> Settings | None:
    """The settings, with logging set up by them; None when they are wrong, which is said on
    standard error."""
    try:
        settings = load()
    except (ValueError, FileNotFoundError) as error:
        sys.stderr.write(f"settings: {error}\n")
        return None
    logging.set_up(settings.log)
    return settings
