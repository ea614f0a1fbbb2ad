"""What a made scene says about itself."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scanner.types import Image, Quad

Floats = NDArray[np.float32]


class Level(StrEnum):
    """How hard a scene is to read; and two kinds of photographs that people take: of a pale sheet
    on a crowded pale desk, and of a worn slip on the ground before them."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    DESK = "desk"
    SNAPSHOT = "snapshot"


class Kind(StrEnum):
    """What a paper is; it decides size, corners, contents and how it bends."""

    A4 = "a4"
    NOTE = "note"
    CARD = "card"
    RECEIPT = "receipt"
    PHOTO = "photo"
    BOOKLET = "booklet"
    TICKET = "ticket"


@dataclass(frozen=True, eq=False)
class Paper:
    """Where one paper really is; pixel centres lie at integer coordinates.

    `quad`: float32 (4, 2), corners clockwise from the page's own top left. They may lie a little
    outside the picture; of a rounded card they are the corners its sides would meet in.
    `outline`: float32 (N, 2), the true silhouette, clockwise, curl and rounded corners included.
    """

    quad: Quad
    outline: Floats
    kind: Kind


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture and everything there is to find in it."""

    image: Image
    papers: tuple[Paper, ...]
