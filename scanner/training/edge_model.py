"""The second network: reads strips along a proposed side and tells where the page ends in them."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from scanner.detect.strips import ACROSS
from scanner.training.model import Residual, convolution


class EdgeReader(nn.Module):
    """(n, 3, ACROSS, ALONG) BGR in 0..1 to (n, ACROSS, COLUMNS) logits: in which row, in each of
    eight parts of the strip, the side passes. Height is kept, length is gathered."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            convolution(3, 16, (1, 2)),
            convolution(16, 24, (1, 2)),
            convolution(24, 32, (1, 2)),
            Residual(32),
            Residual(32),
            nn.Conv2d(32, 1, 1),
        )

    def forward(self, strips: Tensor) -> Tensor:
        logits: Tensor = self.body((strips - 0.5) * 4)
        return logits[:, 0]


class Certain(nn.Module):
    """What is exported: a probability for every row of a column."""

    def __init__(self, net: EdgeReader) -> None:
        super().__init__()
        self.net = net

    def forward(self, strips: Tensor) -> Tensor:
        return torch.softmax(self.net(strips), 1)


def loss(logits: Tensor, rows: Tensor) -> Tensor:
    """`rows` (n, COLUMNS): the true row, NaN where it is not to be seen."""
    place = torch.arange(ACROSS, dtype=rows.dtype)[None, :, None]
    known = torch.isfinite(rows)
    near = torch.exp(-((place - rows.nan_to_num(0)[:, None]) ** 2) / (2 * 0.8**2))
    wanted = near / near.sum(1, keepdim=True).clamp(min=1e-6)
    each = -(wanted * functional.log_softmax(logits, 1)).sum(1)
    return (each * known).sum() / known.sum().clamp(min=1)
