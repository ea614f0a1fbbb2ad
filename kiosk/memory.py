"""Freed pictures leave the process, so that nothing of a visit stands in memory after its wipe.

glibc keeps freed blocks for later and, once it has seen large ones freed, takes further large ones
from the same heap; a page would then lie there, unreferenced and readable, until overwritten. With
a fixed threshold every picture has a mapping of its own, which ends when the picture does.
"""

import ctypes
import gc
import sys

_M_MMAP_THRESHOLD = -3  # malloc.h
_LARGE = 64 * 1024


def keep_pictures_apart() -> None:
    """Give each block of 64 KiB and more a mapping of its own; call once, at start."""
    if sys.platform == "linux":
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Drop what nobody refers to any more and return the freed memory to the system."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
