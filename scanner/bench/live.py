"""How many pictures a second the whole live loop keeps up with: decode, find, judge, decide."""

from itertools import cycle

from scanner.bench.context import Context, median_ms
from scanner.bench.rows import Row, Unit
from scanner.frame import Frame
from scanner.image import encode_jpeg
from scanner.live import Tracker

_SHIFT = 24  # pixels between two pictures of a page that is moved


def rows(context: Context) -> list[Row]:
    moved = encode_jpeg(context.still[:, _SHIFT:].copy(), 90)
    moving = _loop([context.still_jpeg, moved])
    resting = _loop([context.still_jpeg])
    decoding = median_ms(lambda: Frame.of_jpeg(context.still_jpeg, 0.0))
    return [
        *context.timed("8 MP JPEG to a preview", decoding, None),
        Row("live loop of 8 MP JPEG, page moving", 1000 / moving, 20, Unit.RATE),
        Row("live loop of 8 MP JPEG, page at rest", 1000 / resting, 20, Unit.RATE),
        *context.timed("live loop, page moving", moving, 50),
    ]


def _loop(jpegs: list[bytes]) -> float:
    """Milliseconds a picture."""
    tracker, film = Tracker(), cycle(enumerate(jpegs * 1000))

    def step() -> None:
        number, jpeg = next(film)
        tracker.update(Frame.of_jpeg(jpeg, 0.0).preview, number / 15)

    return median_ms(step, 21)
