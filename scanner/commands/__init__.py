"""The commands of `python -m scanner`, one module each: `add` says its options and what runs it."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # has no other name
else:
    Commands = object
