"""Trains scanner/text/direction.onnx: does a line hold Hangul, and does it stand on its head?

    python -m scanner.training.direction [--steps 1800] [--lines 16000]

Needs the packages of requirements.txt and fonts, and only here: the kiosk runs the small file this
leaves (99.3 % right on fresh windows of five letters). Everything is drawn from one seed. Fonts
that are not there are left out; fonts-noto-cjk alone is enough, others (fonts-nanum,
fonts-unfonts-core, fonts-wqy-zenhei, fonts-arphic-ukai, fonts-liberation) make it surer.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import nn

HEIGHT, WIDTH = 32, 160
SEED = 20261122
NOTO = Path("/usr/share/fonts/opentype/noto")
TRUETYPE = Path("/usr/share/fonts/truetype")
CJK = [(f, i) for f in sorted(NOTO.glob("Noto*CJK-*.ttc")) for i in (1, 2)]
HANGUL = CJK + [(f, 0) for d in ("nanum", "unfonts-core") for f in sorted((TRUETYPE / d).glob("*"))]
HAN = CJK + [
    (f, 0) for d in ("wqy", "arphic", "arphic-gbsn00lp") for f in sorted((TRUETYPE / d).glob("*"))
]
LATIN = CJK + [(f, 0) for f in sorted((TRUETYPE / "liberation").glob("*.ttf"))]
COMMON = (
    "가나다라마바사아자차카하고는을를이가에의도로와과한하여다는지기리인정사대일자시부원조서해상보주동장공법"
    "합의계약임금근로신청피고원고민사소송지급손배증거당년월며수있었습니까"
)
LETTERS = "eeeeetttaaaooiinnssrrhhlddcumfpgwybvkETAOINSRHLDCUMFPGWYBVK"


def syllables(rng: np.random.Generator, count: int) -> str:
    rare = (chr(int(c)) for c in rng.integers(0xAC00, 0xD7A4, count))
    often = rng.choice(list(COMMON), count)
    chosen = [r if rng.random() < 0.35 else o for r, o in zip(rare, often, strict=True)]
    return "".join(c + (" " if rng.random() < 0.28 else "") for c in chosen)


def ideographs(rng: np.random.Generator, count: int) -> str:
    """Mostly level 1 of GB 2312, the 3,755 characters in use."""
    out: list[str] = []
    while len(out) < count:
        top = 0xB0 + int(rng.integers(0, 40 if rng.random() < 0.9 else 72))
        try:
            out.append(bytes([top, 0xA1 + int(rng.integers(0, 94))]).decode("gb2312"))
        except UnicodeDecodeError:
            continue
        if rng.random() < 0.08:
            out.append(str(rng.choice(list("，。、：；（）《》"))))
    return "".join(out)


def latin(rng: np.random.Generator, count: int) -> str:
    words = ("".join(rng.choice(list(LETTERS), rng.integers(1, 9))) for _ in range(count // 3))
    if rng.random() < 0.25:
        words = (str(rng.integers(0, 10 ** int(rng.integers(1, 9)))) for _ in range(count // 3))
    return " ".join(words)


def window(rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """A piece of a line as the detector cuts it, and 0 for Hangul, 1 for anything else."""
    other = int(rng.random() < 0.55)
    plain = rng.random() < 0.3
    maker, fonts = (
        ((latin, LATIN) if plain else (ideographs, HAN)) if other else (syllables, HANGUL)
    )
    size = int(rng.integers(18, 52))
    path, index = fonts[int(rng.integers(len(fonts)))]
    font = ImageFont.truetype(str(path), size, index=index)
    text = maker(rng, 12 if not (other and plain) else 40)
    ink, paper = int(rng.integers(0, 110)), int(rng.integers(190, 256))
    sheet = Image.new("L", (max(8, int(font.getlength(text))) + 4 * size, 3 * size), paper)
    ImageDraw.Draw(sheet).text((2 * size, size), text, fill=ink, font=font)
    return _seen(rng, np.asarray(sheet), size, font.getbbox(text)), other


def _seen(rng: np.random.Generator, sheet: np.ndarray, size: int, box: tuple) -> np.ndarray:
    top, bottom = size + box[1], size + box[3]
    slack = (bottom - top) * rng.uniform(-0.02, 0.28, 2)
    high, low = top - slack[0], bottom + slack[1]
    span = (low - high) * WIDTH / HEIGHT * rng.uniform(0.85, 1.15)
    left = rng.uniform(1.6 * size, max(1.7 * size, sheet.shape[1] - 2 * size - span))
    slope = rng.normal(0, 0.012) * span
    source = np.array(
        [[left, high], [left + span, high + slope], [left + span, low + slope]], np.float32
    )
    target = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT]], np.float32)
    onto = cv2.getAffineTransform(source, target)
    if rng.random() < 0.7:
        sheet = cv2.GaussianBlur(sheet, (0, 0), size / 40 * rng.uniform(0.4, 2.2))
    cut = cv2.warpAffine(
        sheet, onto, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderValue=int(sheet[0, 0])
    )
    cut = (
        cut
        + rng.normal(0, rng.uniform(0, 12), cut.shape)
        + rng.uniform(-20, 20) * np.linspace(0, 1, WIDTH)
    )
    return np.clip(cut, 0, 255).astype(np.uint8)


class Net(nn.Module):
    """(n, 1, 32, W) grey, 0..1 -> (n, 4, W/8): Hangul upright, Hangul flipped, other, flipped."""

    def __init__(self) -> None:
        super().__init__()

        def step(before: int, after: int, stride: tuple[int, int]) -> list[nn.Module]:
            return [
                nn.Conv2d(before, after, 3, stride, 1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]

        self.layers = nn.Sequential(
            *step(1, 16, (2, 2)),
            *step(16, 32, (2, 2)),
            *step(32, 32, (1, 1)),
            *step(32, 64, (2, 2)),
            *step(64, 64, (1, 1)),
            nn.Conv2d(64, 96, (4, 5), 1, (0, 2)),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Conv2d(96, 4, 1),
        )

    def forward(self, lines: torch.Tensor) -> torch.Tensor:
        return self.layers(lines).squeeze(2)


def batch(rng: np.random.Generator, stock: list, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    pictures, labels = [], []
    for index in rng.integers(0, len(stock), count):
        picture, other = stock[index]
        flipped = int(rng.random() < 0.5)
        pictures.append(picture[::-1, ::-1] if flipped else picture)
        labels.append(2 * other + flipped)
    return torch.from_numpy(np.stack(pictures)[:, None].astype(np.float32) / 255), torch.tensor(
        labels
    )


def train(steps: int, size: int) -> Net:
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng = np.random.default_rng(SEED)
    stock = [window(rng) for _ in range(size)]
    net = Net()
    optimizer = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-3)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, steps)
    for number in range(steps):
        pictures, labels = batch(rng, stock, 96)
        loss = nn.functional.cross_entropy(net(pictures).mean(2), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        pace.step()
        if number % 200 == 199:
            print(number + 1, round(loss.item(), 4), flush=True)
    return net.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1800)
    parser.add_argument("--lines", type=int, default=16000)
    parser.add_argument("--out", type=Path, default=Path("scanner/text/direction.onnx"))
    arguments = parser.parse_args()
    net = train(arguments.steps, arguments.lines)
    rng = np.random.default_rng(1)
    pictures, labels = batch(rng, [window(rng) for _ in range(2000)], 2000)
    with torch.no_grad():
        right = (net(pictures).mean(2).argmax(1) == labels).float()
    print(
        "right on fresh windows, by class:",
        [round(right[labels == k].mean().item(), 4) for k in range(4)],
    )
    torch.onnx.export(
        net,
        (torch.zeros(1, 1, HEIGHT, WIDTH),),
        str(arguments.out),
        dynamo=False,
        input_names=["lines"],
        output_names=["kinds"],
        dynamic_axes={"lines": {0: "n", 3: "width"}, "kinds": {0: "n", 2: "width"}},
    )


if __name__ == "__main__":
    main()
