"""The command line, in this process where that is enough."""

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import text

from center.__main__ import main
from center.commands.demo import free_port
from center.commands.diagrams import rewrite
from center.store.engine import open_engine, sqlite_url
from config.settings import describe, load
from tests.integration.center.conftest import Call, Center


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, data: Path) -> Path:
    monkeypatch.setenv("JIUJIN_DEMO", "true")
    monkeypatch.setenv("JIUJIN_CENTER__DATA", str(data))
    return data


def test_settings_are_listed_with_masked_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [row[0] for row in describe(load())]
    assert any(line.startswith("center.evidence_key") and "****" in line for line in lines)


def test_a_misspelt_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "center.toml"
    config.write_text("[center]\nprot = 1\n")
    monkeypatch.setenv("JIUJIN_CONFIG", str(config))
    assert main(["settings"]) == 2
    assert "prot" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["center", "kiosk"])
def test_the_example_files_are_valid(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    example = Path(__file__).parents[3] / "config" / f"{name}.example.toml"
    monkeypatch.setenv("JIUJIN_CONFIG", str(example))
    assert load().log.json_lines


def test_a_center_without_a_secret_of_its_own_does_not_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JIUJIN_CENTER__DATA", str(tmp_path))
    assert main(["serve"]) == 2
    assert "center.evidence_key" in capsys.readouterr().err
    assert main(["seed"]) == 2


def test_openapi_is_the_same_twice_and_holds_every_frame(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["openapi"])
    first = capsys.readouterr().out
    main(["openapi"])
    assert capsys.readouterr().out == first
    document: dict[str, Any] = json.loads(first)
    schemas = document["components"]["schemas"]
    for union, count in (
        ("KioskToCenter", 20),
        ("CenterToKiosk", 16),
        ("StaffToCenter", 27),
        ("CenterToStaff", 16),
    ):
        assert len(schemas[union]["oneOf"]) == count
    assert "type" in schemas["Welcome"]["required"]
    assert "called_as" not in schemas["ConsultationRequest"]["required"]
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_diagrams_fill_their_own_sections_only(tmp_path: Path) -> None:
    file = tmp_path / "A.md"
    other = "<!-- diagram:two -->\n<!-- /diagram -->\n"
    file.write_text(f"a\n<!-- diagram:one -->\nold\n<!-- /diagram -->\n{other}")
    rewrite(file, {"one": "stateDiagram-v2"})
    drawn = "```mermaid\nstateDiagram-v2\n```"
    expected = f"a\n<!-- diagram:one -->\n{drawn}\n<!-- /diagram -->\n{other}"
    assert file.read_text() == expected
    rewrite(file, {"one": "stateDiagram-v2"})
    assert file.read_text() == expected


def test_the_database_fits_its_models(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "check"]) == 0
    assert capsys.readouterr().err == ""


async def test_the_log_is_verified_and_a_hole_is_found(
    center: Center, call: Call, demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await call.talk()
    await center.stop()
    assert await asyncio.to_thread(main, ["verify-log"]) == 0
    assert "0 faults" in capsys.readouterr().out
    engine = open_engine(sqlite_url(demo))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE consultations SET rating = 1 WHERE kiosk_id = 'K01'"))
        await connection.execute(text("DELETE FROM events WHERE seq = 3"))
    await engine.dispose()
    assert await asyncio.to_thread(main, ["verify-log"]) == 1
    faults = capsys.readouterr().err
    assert "seq 4 stands where 3 belongs" in faults
    assert f"consultation {call.consultation_id}" in faults


def test_a_taken_port_is_replaced() -> None:
    first = free_port("127.0.0.1", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert free_port("127.0.0.1", first) != first
    assert free_port("127.0.0.1", first) == first
