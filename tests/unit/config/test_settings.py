"""Settings that need more than a type."""

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.settings import CenterSettings, Settings

EXAMPLES = Path(__file__).parents[3] / "config"


def test_hours_are_read_when_they_are_set() -> None:
    assert CenterSettings(hours="Mo-Sa 08:30-17:00; PH off").hours.startswith("Mo-Sa")
    with pytest.raises(ValidationError, match="opening_hours"):
        CenterSettings(hours="nine to five")


@pytest.mark.parametrize("name", ["center.example.toml", "kiosk.example.toml"])
def test_the_examples_are_settings(name: str) -> None:
    Settings.model_validate(tomllib.loads((EXAMPLES / name).read_text()))
