"""Which pages of a document are not the manifest's, in the fewest words that explain it."""

import operator
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from scanner.contents import Contents, PageContents
from scanner.findings import Finding, Problem
from scanner.manifest import Manifest, ManifestPage, text_sha256


def compare(contents: Contents) -> list[Finding]:
    """Sorted by page; empty when every page is the manifest's."""
    manifest = contents.manifest
    if manifest is None or not _numbered(manifest):
        return [Finding(Problem.NO_MANIFEST)]
    told = [page.clean_sha256 for page in manifest.pages]
    shown = [page.shown for page in contents.pages]
    misplaced, pairs = _align(told, shown)
    behind = [
        finding
        for place, seen in sorted(pairs.items())
        for finding in _behind(manifest.pages[place], contents.pages[seen])
    ]
    return sorted([*misplaced, *behind], key=lambda finding: finding.page or 0)


def _numbered(manifest: Manifest) -> bool:
    """At least one page, counted from 1 without a gap."""
    positions = [page.position for page in manifest.pages]
    return bool(positions) and positions == list(range(1, len(positions) + 1))


def _align(told: Sequence[str], shown: Sequence[str]) -> tuple[list[Finding], dict[int, int]]:
    """What is wrong with the order, and where each page told of is seen (both from 0)."""
    blocks = SequenceMatcher(None, told, shown, autojunk=False).get_matching_blocks()
    pairs = {block.a + n: block.b + n for block in blocks for n in range(block.size)}
    lost = [place for place in range(len(told)) if place not in pairs]
    seen_in = set(pairs.values())
    stray = [place for place in range(len(shown)) if place not in seen_in]
    moved = _pair_off(lost, stray, lambda place, seen: told[place] == shown[seen])
    changed = _pair_off(lost, stray, operator.eq)
    found = {
        Problem.PAGE_MOVED: moved,
        Problem.PAGE_CHANGED: changed,
        Problem.PAGE_MISSING: lost,
        Problem.PAGE_ADDED: stray,
    }
    findings = [Finding(problem, place + 1) for problem, at in found.items() for place in at]
    return findings, pairs | moved | changed


def _pair_off(
    lost: list[int], stray: list[int], fits: Callable[[int, int], bool]
) -> dict[int, int]:
    """Take out of both lists what fits together."""
    pairs = {}
    for place in list(lost):
        seen = next((seen for seen in stray if fits(place, seen)), None)
        if seen is not None:
            pairs[place] = seen
            lost.remove(place)
            stray.remove(seen)
    return pairs


def _behind(told: ManifestPage, seen: PageContents) -> Iterator[Finding]:
    """A page's original, and its text where the page is as we write pages."""
    if seen.original != told.sha256:
        yield Finding(Problem.ORIGINAL_CHANGED, told.position)
    if seen.shown and text_sha256(seen.text) != (told.text_sha256 or text_sha256("")):
        yield Finding(Problem.TEXT_CHANGED, told.position)
