"""How wrong an answer is."""

import torch
from torch import Tensor
from torch.nn import functional

_SIDES = 4
_QUADS = 2.5
_HERE = 0.6


def loss(answer: tuple[Tensor, Tensor], truth: tuple[Tensor, Tensor, Tensor]) -> Tensor:
    """`truth`: maps, here, offsets as in `targets`, stacked."""
    maps, quads = answer
    true_maps, here, offsets = truth
    page = functional.binary_cross_entropy_with_logits(maps[:, 0], true_maps[:, 0])
    bumps = _bumps(maps[:, 1], true_maps[:, 1], 2.0) + _bumps(maps[:, 2], true_maps[:, 2], 8.0)
    told = here >= 0
    there = functional.binary_cross_entropy_with_logits(quads[:, 0][told], here[told])
    return (
        page
        + _overlap(maps[:, 0], true_maps[:, 0])
        + bumps
        + _HERE * there
        + (_QUADS * _corners(quads[:, 1:], offsets, here == 1))
    )


def _bumps(logits: Tensor, truth: Tensor, weight: float) -> Tensor:
    """Narrow bumps in a wide nothing: cells on them count more."""
    each = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    return (each * (1 + weight * truth)).mean()


def _overlap(logits: Tensor, truth: Tensor) -> Tensor:
    """One minus Dice's coefficient, where there is a page."""
    seen = torch.sigmoid(logits)
    shared = (seen * truth).sum((1, 2))
    dice = 1 - (2 * shared + 1) / (seen.sum((1, 2)) + truth.sum((1, 2)) + 1)
    some = truth.amax((1, 2)) > 0.5
    return (dice * some).sum() / some.sum().clamp(min=1)


def _corners(found: Tensor, truth: Tensor, where: Tensor) -> Tensor:
    """A page has no first corner: of the four ways to name them the nearest counts."""
    if not bool(where.any()):
        return found.sum() * 0
    answers = found.permute(0, 2, 3, 1)[where].view(-1, _SIDES, 2)
    wanted = truth.permute(0, 2, 3, 1)[where].view(-1, _SIDES, 2)
    ways = [
        functional.smooth_l1_loss(answers, wanted.roll(turn, 1), reduction="none", beta=0.05)
        for turn in range(_SIDES)
    ]
    return torch.stack([way.mean((1, 2)) for way in ways]).amin(0).mean()
