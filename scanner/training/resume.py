"""Goes on from weights that were written before.

An ONNX file has its norms folded into its convolutions. Here they are taken apart again, so that
the network says at first exactly what the file says, and learns with norms as before.
"""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn


def resume(net: nn.Module, path: Path, pictures: Tensor) -> None:
    """`pictures`: a batch by which the norms are set. The file must be of the same network."""
    folded = iter(_convolutions(path))
    biases: list[Tensor] = []

    def fill(convolution: nn.Conv2d, _: tuple[Tensor, ...]) -> None:
        weight, bias = next(folded)
        convolution.weight.copy_(weight)
        biases.append(bias)
        if convolution.bias is not None:
            convolution.bias.copy_(bias)

    def level(norm: nn.BatchNorm2d, seen: tuple[Tensor, ...]) -> None:
        spread, middle = torch.var_mean(seen[0], (0, 2, 3))
        norm.running_mean.copy_(middle)
        norm.running_var.copy_(spread)
        norm.weight.copy_(torch.sqrt(spread + norm.eps))
        norm.bias.copy_(middle + biases[-1])

    hooks = [
        part.register_forward_pre_hook(fill if isinstance(part, nn.Conv2d) else level)
        for part in net.modules()
        if isinstance(part, nn.Conv2d | nn.BatchNorm2d)
    ]
    with torch.no_grad():
        net.eval()(pictures)
    for hook in hooks:
        hook.remove()
    net.train()


def _convolutions(path: Path) -> list[tuple[Tensor, Tensor]]:
    """Weight and bias, in the order in which they are run."""
    graph = onnx.load(path).graph
    known = {each.name: torch.tensor(numpy_helper.to_array(each)) for each in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    return [(known[node.input[1]], known[node.input[2]]) for node in nodes]
