"""The network: one look at a small picture, three maps and a quadrilateral per cell.

A residual encoder down to 1/32 gives every cell the whole picture in view; a light decoder comes
back to 1/2 for the maps and leaves the quadrilaterals at 1/8.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

SIDE = 128
"""Pixels: the picture is squeezed to a square of this side."""
REACH = 0.5
"""What an offset of 1 means, in parts of the side."""


def convolution(inside: int, outside: int, stride: int | tuple[int, int] = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.norm(self.second(self.first(x))))


class _Join(nn.Module):
    """Brings a coarse map up to a finer one and mixes both."""

    def __init__(self, coarse: int, fine: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(coarse, fine, 1, bias=False)
        self.norm = nn.BatchNorm2d(fine)
        self.mix = convolution(fine, fine)

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        narrow = self.norm(self.narrow(coarse))
        wide = functional.interpolate(narrow, scale_factor=2.0, mode="nearest")
        mixed: Tensor = self.mix(functional.relu(wide + fine))
        return mixed


class Finder(nn.Module):
    """(n, 3, 128, 128) BGR in 0..1 to `maps` (n, 3, 64, 64): logits of page, border, corner; and
    `quads` (n, 9, 16, 16): logit of "a page is here", then x, y of its four corners relative to
    the cell's middle, in `REACH`."""

    def __init__(self) -> None:
        super().__init__()
        self.first = convolution(3, 12, 2)
        self.quarter = nn.Sequential(convolution(12, 24, 2), convolution(24, 24))
        self.eighth = nn.Sequential(convolution(24, 40, 2), Residual(40))
        self.sixteenth = nn.Sequential(convolution(40, 80, 2), Residual(80))
        self.whole = nn.Sequential(convolution(80, 128, 2), Residual(128), Residual(128))
        self.to_sixteenth, self.to_eighth = _Join(128, 80), _Join(80, 40)
        self.to_quarter, self.to_half = _Join(40, 24), _Join(24, 12)
        self.maps = nn.Conv2d(12, 3, 1)
        self.quads = nn.Sequential(convolution(40, 48), nn.Conv2d(48, 9, 1))

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        half = self.first((picture - 0.5) * 4)
        quarter = self.quarter(half)
        eighth = self.eighth(quarter)
        sixteenth = self.sixteenth(eighth)
        sixteenth = self.to_sixteenth(self.whole(sixteenth), sixteenth)
        eighth = self.to_eighth(sixteenth, eighth)
        half = self.to_half(self.to_quarter(eighth, quarter), half)
        return self.maps(half), self.quads(eighth)


class Probable(nn.Module):
    """What is exported: probabilities instead of logits."""

    def __init__(self, net: Finder) -> None:
        super().__init__()
        self.net = net

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        maps, quads = self.net(picture)
        return torch.sigmoid(maps), torch.cat([torch.sigmoid(quads[:, :1]), quads[:, 1:]], 1)


def write(net: nn.Module, shape: tuple[int, ...], shown: str, told: list[str], path: Path) -> None:
    """ONNX of a network that is always shown `shape`; its numbers are kept in half the bytes."""
    net.eval()
    torch.onnx.export(
        net,
        (torch.zeros(shape),),
        str(path),
        input_names=[shown],
        output_names=told,
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(path)
    for each in model.graph.initializer:
        numbers = numpy_helper.to_array(each)
        if numbers.dtype == np.float32:
            each.CopyFrom(numpy_helper.from_array(numbers.astype(np.float16), each.name))
    onnx.save(model, path)
