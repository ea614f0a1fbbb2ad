"""Every endpoint of the table, called by everybody."""

import re

import aiohttp
import pytest

from center.web.endpoint import AnyEndpoint, Caller
from center.web.routes import ENDPOINTS
from tests.integration.center.conftest import Center

PEOPLE = {
    Caller.LAWYER: "jin",
    Caller.MEDIATOR: "piao",
    Caller.SUPERVISOR: "zhao",
    Caller.ADMIN: "admin",
}
VALUES = {
    "sha256": "0" * 64,
    "picture": "0" * 64,
    "position": "1",
    "kind": "clean",
    "kiosk_id": "nowhere",
    "staff_id": "nobody",
    "consultation_id": "none",
    "mediation_id": "none",
    "reel_id": "none",
    "number": "1",
}


def path_of(endpoint: AnyEndpoint) -> str:
    """The path with something harmless in its gaps."""
    template = re.sub(r"\{(\w+):[^/]*\}", r"{\1}", endpoint.path)
    return re.sub(r"\{(\w+)\}", lambda gap: VALUES[gap[1]], template)


async def status_of(center: Center, endpoint: AnyEndpoint, headers: dict[str, str]) -> int:
    # An empty body: whoever is let in meets 422, not a change.
    async with center.http.request(
        endpoint.method, path_of(endpoint), headers=headers, allow_redirects=False
    ) as answer:
        return answer.status


async def headers_of(center: Center, caller: Caller) -> dict[str, str]:
    if caller is Caller.PUBLIC:
        return {"Origin": center.origin}
    if caller is Caller.KIOSK:
        device = await center.device("K03")
        await (await device.connect()).ws.close()
        return device.bearer | {"Origin": center.origin}
    return (await center.sign_in(PEOPLE[caller])).headers


@pytest.mark.parametrize("caller", list(Caller), ids=str)
async def test_each_endpoint_lets_in_whom_its_row_names(center: Center, caller: Caller) -> None:
    headers = await headers_of(center, caller)
    # Signing out ends the session that the rest needs.
    rows = sorted(ENDPOINTS, key=lambda row: row.method == "DELETE")
    for endpoint in rows:
        status = await status_of(center, endpoint, headers)
        allowed = endpoint.allow & {caller, Caller.PUBLIC}
        assert (status not in (401, 403)) == bool(allowed), (endpoint.operation_id, status)
        assert status < 500, endpoint.operation_id
        if not allowed:
            assert status == (401 if caller is Caller.PUBLIC else 403), endpoint.operation_id


async def test_every_row_names_somebody_and_public_stands_alone() -> None:
    for endpoint in ENDPOINTS:
        assert endpoint.allow, endpoint.operation_id
        assert Caller.PUBLIC not in endpoint.allow or len(endpoint.allow) == 1


async def test_a_foreign_or_missing_origin_changes_nothing(center: Center) -> None:
    admin = await center.sign_in("admin")
    for origin in ({"Origin": "https://evil.example"}, {}, {"Origin": "null"}):
        headers = {"Cookie": admin.cookie, **origin}
        async with center.http.delete("/api/session", headers=headers) as answer:
            assert (answer.status, (await answer.json())["code"]) == (403, "wrong_origin")
    assert (await admin.get("/api/session"))["staff"]["staff_id"] == "admin"


@pytest.mark.parametrize("path", ["/ws/staff", "/ws/kiosk"])
async def test_a_foreign_page_opens_no_socket(center: Center, path: str) -> None:
    admin = await center.sign_in("admin")
    headers = {"Cookie": admin.cookie, "Origin": "https://evil.example"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await center.http.ws_connect(path, headers=headers)
    assert refused.value.status == 403
