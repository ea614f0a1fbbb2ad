"""Made scenes with exact truth: papers on tables as a camera sees them.

Seeds are the only input: the same seed, level, size and number of papers give the same picture.
Networks are trained on `TRAIN_SEEDS` and judged on `TEST_SEEDS`, which never meet.
"""

from scanner.scenes.models import Kind, Level, Paper, Scene
from scanner.scenes.scene import make_scene

TRAIN_SEEDS = range(1_000_000, 1_000_000_000)
TEST_SEEDS = range(1_000_000)

if TEST_SEEDS.stop > TRAIN_SEEDS.start:
    raise AssertionError("a scene would be both learnt and judged")

__all__ = ["TEST_SEEDS", "TRAIN_SEEDS", "Kind", "Level", "Paper", "Scene", "make_scene"]
