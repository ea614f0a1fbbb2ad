"""Words that Python sends to the pages have texts there, in every language of the page."""

import json
from enum import StrEnum
from pathlib import Path

import pytest

from kiosk.words import CoachWord, NoticeCode
from scanner.live import Coach
from scanner.quality import Reason

ROOT = Path(__file__).parents[3]
KIOSK = [ROOT / f"kiosk/ui/src/locales/{language}.json" for language in ("zh", "ko", "en")]
CONSOLE = [ROOT / f"center/ui/console/src/locales/{language}.json" for language in ("zh", "en")]


@pytest.mark.parametrize(
    "catalogue", [*KIOSK, *CONSOLE], ids=lambda path: "-".join(path.parts[-4:])
)
def test_every_reason_against_a_page_has_words_and_no_words_are_left_over(catalogue: Path) -> None:
    assert _worded(catalogue, "verdict") == _words(Reason)


@pytest.mark.parametrize("catalogue", KIOSK, ids=lambda path: path.stem)
@pytest.mark.parametrize(("section", "words"), [("coach", Coach), ("notice", NoticeCode)])
def test_the_kiosk_words_what_it_is_told(
    catalogue: Path, section: str, words: type[StrEnum]
) -> None:
    assert _words(words) == _worded(catalogue, section)


def test_the_kiosk_passes_on_every_coaching_word_of_the_scanner() -> None:
    assert _words(Coach) <= _words(CoachWord)


def _words(words: type[StrEnum]) -> set[str]:
    return {word.value for word in words}


def _worded(catalogue: Path, section: str) -> set[str]:
    texts = json.loads(catalogue.read_text("utf-8"))[section]
    assert all(text.strip() for text in texts.values())
    return set(texts)
