"""Rewrites the generated sections of a Markdown file from the tables of the state machines.

Sections it has no diagram for stay as they are.
"""

import re
from collections.abc import Mapping
from pathlib import Path

SECTION = re.compile(
    r"(<!-- diagram:(?P<name>[a-z_-]+) -->\n).*?(<!-- /diagram -->)", flags=re.DOTALL
)


def rewritten(text: str, diagrams: Mapping[str, str]) -> str:
    """The text with every section marked for one of `diagrams` holding it; others stay."""

    def section(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in diagrams:
            return match[0]
        return f"{match[1]}```mermaid\n{diagrams[name].strip()}\n```\n{match[3]}"

    return SECTION.sub(section, text)


def rewrite(path: Path, diagrams: Mapping[str, str]) -> None:
    """Rewrite the file when a section changed."""
    before = path.read_text(encoding="utf-8")
    after = rewritten(before, diagrams)
    if after != before:
        path.write_text(after, encoding="utf-8")
