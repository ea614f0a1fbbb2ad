"""Settings that need more than a type."""

import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config.settings import CenterSettings, KioskSettings, Settings

EXAMPLES = Path(__file__).parents[3] / "config"


def test_hours_are_read_when_they_are_set() -> None:
    assert CenterSettings(hours="Mo-Sa 08:30-17:00; PH off").hours.startswith("Mo-Sa")
    with pytest.raises(ValidationError, match="opening_hours"):
        CenterSettings(hours="nine to five")


@pytest.mark.parametrize("code", ["12345", "1234567890123", "12345a", ""])
def test_a_technicians_code_can_be_typed_on_number_keys_and_is_long_enough(code: str) -> None:
    assert KioskSettings(technician_code=SecretStr("482913")).technician_code is not None
    with pytest.raises(ValidationError, match="6 to 12 digits"):
        KioskSettings(technician_code=SecretStr(code))


@pytest.mark.parametrize("name", ["center.example.toml", "kiosk.example.toml"])
def test_the_examples_are_settings(name: str) -> None:
    Settings.model_validate(tomllib.loads((EXAMPLES / name).read_text()))
