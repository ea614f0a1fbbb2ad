"""Rewrites the generated sections of a Markdown file from the tables of the state machines."""

import re
from collections.abc import Mapping
from pathlib import Path

SECTION = re.compile(
    r"(<!-- diagram:(?P<name>[a-z_-]+) -->\n).*?(<!-- /diagram -->)", flags=re.DOTALL
)


class UnknownDiagram(ValueError):
    """A section asks for a diagram that no machine draws."""

    def __init__(self, name: str, known: Mapping[str, str]) -> None:
        super().__init__(f"no diagram {name!r}; there are {', '.join(sorted(known))}")


def rewritten(text: str, diagrams: Mapping[str, str]) -> str:
    """The text with every marked section holding its diagram.

    Raises:
        UnknownDiagram: a section names none of `diagrams`.
    """

    def section(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in diagrams:
            raise UnknownDiagram(name, diagrams)
        return f"{match[1]}```mermaid\n{diagrams[name].strip()}\n```\n{match[3]}"

    return SECTION.sub(section, text)


def rewrite(path: Path, diagrams: Mapping[str, str]) -> None:
    """Rewrite the file when a section changed."""
    before = path.read_text(encoding="utf-8")
    after = rewritten(before, diagrams)
    if after != before:
        path.write_text(after, encoding="utf-8")
