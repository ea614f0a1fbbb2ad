"""The third network: looks at an outline laid flat and tells how right it is."""

from torch import Tensor, nn
from torch.nn import functional

from scanner.training.model import Residual, convolution

_NONE, _WHOLE = 0.5, 1.0  # Jaccard index: no page at all, and exactly


class Judge(nn.Module):
    """(n, 3, 80, 80) BGR in 0..1 to (n,) logits."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            convolution(3, 16, 2),
            convolution(16, 32, 2),
            Residual(32),
            convolution(32, 64, 2),
            Residual(64),
            convolution(64, 96, 2),
            Residual(96),
            nn.AvgPool2d(5),
            nn.Conv2d(96, 1, 1),
        )

    def forward(self, flat: Tensor) -> Tensor:
        logits: Tensor = self.body((flat - 0.5) * 4)
        return logits.flatten()


class Verdict(nn.Module):
    """What is exported: (n, 1, 1, 1), 0 to 1."""

    def __init__(self, net: Judge) -> None:
        super().__init__()
        self.net = net

    def forward(self, flat: Tensor) -> Tensor:
        return self.net.body((flat - 0.5) * 4).sigmoid()


def loss(logits: Tensor, index: Tensor) -> Tensor:
    """`index` (n,): the outlines' Jaccard index."""
    wanted = ((index - _NONE) / (_WHOLE - _NONE)).clamp(0, 1)
    return functional.binary_cross_entropy_with_logits(logits, wanted)
