"""What was read survives being sent, and letters become lines and words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.text.glyphs import Glyph, language_of, line_of
from scanner.text.page import Language, PageText, TextLine, TextWord

QUAD = np.array([[100, 10], [300, 10], [300, 40], [100, 40]], np.float32)
number = st.floats(-10, 5000).map(lambda value: round(value, 2))
corner = st.tuples(number, number)
corners = st.tuples(corner, corner, corner, corner)
words = st.builds(TextWord, st.text(min_size=1), corners)
lines = st.builds(
    TextLine,
    st.text(min_size=1),
    corners,
    st.floats(0, 1),
    st.sampled_from(Language),
    st.lists(words, max_size=3).map(tuple),
)
pages = st.builds(
    PageText,
    st.integers(1, 9000),
    st.integers(1, 9000),
    st.lists(lines, max_size=3).map(tuple),
    st.booleans(),
)


@given(page=pages)
def test_json_and_back(page: PageText) -> None:
    assert PageText.from_json(page.to_json()) == page


@pytest.mark.parametrize(
    "told", ["", "[]", "{}", '{"width":1,"height":1,"lines":[{}],"complete":1}']
)
def test_foreign_json_is_refused(told: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        PageText.from_json(told)


def test_letters_to_words_in_their_places() -> None:
    glyphs = [
        Glyph("법", 0.0, 0.2, 0.9),
        Glyph("률", 0.2, 0.4, 0.7),
        Glyph(" ", 0.4, 0.4, 1.0),
        Glyph("咨", 0.5, 0.75, 0.8),
        Glyph("询", 0.75, 1.0, 0.8),
    ]
    line = line_of(glyphs, QUAD)
    assert line is not None
    assert (line.text, line.language, line.confidence) == ("법률 咨询", Language.KO, 0.8)
    first, second = line.words
    assert first == TextWord("법률", ((100, 10), (180, 10), (180, 40), (100, 40)))
    assert second == TextWord("咨询", ((200, 10), (300, 10), (300, 40), (200, 40)))


def test_only_spaces_are_no_line() -> None:
    assert line_of([Glyph(" ", 0, 1, 1.0)], QUAD) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("合同", "zh"),
        ("계약 契約", "ko"),
        ("中华人民共和国 법", "zh"),
        ("No. 38", "en"),
        ("吉HA5729", "zh"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language
