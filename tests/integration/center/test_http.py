"""Signing in, headers, bodies, pages, the built front ends."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import WSMsgType, web

from center import keys
from center.web.static import bind_front_ends
from tests.integration.center.conftest import PASSWORD, REQUEST, Center, settings_for


async def problem(answer: object) -> str:
    assert answer.content_type == "application/problem+json"  # type: ignore[attr-defined]
    body = await answer.json()  # type: ignore[attr-defined]
    assert set(body) == {"type", "title", "status", "code", "detail"}
    assert body["status"] == answer.status  # type: ignore[attr-defined]
    return str(body["code"])


async def sign_in(center: Center, username: str, password: str) -> str:
    body = {"username": username, "password": password}
    async with center.http.post(
        "/api/session", json=body, headers={"Origin": center.origin}
    ) as answer:
        return "ok" if answer.status == 200 else await problem(answer)


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(center: Center) -> None:
    body = {"username": "jin", "password": PASSWORD}
    headers = {"Origin": center.origin}
    async with center.http.post("/api/session", json=body, headers=headers) as answer:
        cookie = answer.headers["Set-Cookie"]
        assert (await answer.json())["demo"] is True
    for attribute in ("jiujin_session=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"):
        assert attribute in cookie


async def test_wrong_passwords_lock_the_account_for_a_while(data: Path) -> None:
    async with Center(settings_for(data, auth={"attempts": 2})) as center:
        codes = [await sign_in(center, "jin", "wrong-wrong") for _ in range(3)]
        assert codes == ["bad_credentials", "bad_credentials", "locked_out"]
        assert await sign_in(center, "jin", PASSWORD) == "locked_out"
        assert await sign_in(center, "li", PASSWORD) == "ok"


async def test_signing_out_ends_session_and_sockets(center: Center) -> None:
    person = await center.sign_in("jin")
    socket = await person.connect()
    async with center.http.delete("/api/session", headers=person.headers) as answer:
        assert answer.status == 200
    assert await socket.closed() == 4401
    await person.get("/api/session", status=401)


@pytest.mark.parametrize("path", ["/healthz", "/console/", "/api/nothing", "/api/session"])
async def test_every_answer_carries_the_security_headers(center: Center, path: str) -> None:
    async with center.http.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        for directive in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert directive in policy
        assert f"connect-src 'self' ws://127.0.0.1:{center.port};" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "camera=(self)" in answer.headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in answer.headers


async def test_behind_tls_the_headers_say_so(data: Path) -> None:
    settings = settings_for(data, public_origin="https://center.example")
    async with Center(settings) as center, center.http.get("/healthz") as answer:
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        assert "wss://center.example" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "body_invalid"),
        (b"{", "body_invalid"),
        (b'{"username": "jin"}', "body_invalid"),
        (b'{"username": "jin", "password": "x", "extra": 1}', "body_invalid"),
        (b"\xff\xfe", "body_invalid"),
        (b'"' + b"a" * 5000 + b'"', "body_too_large"),
    ],
)
async def test_bad_bodies_are_refused(center: Center, body: bytes, code: str) -> None:
    headers = {"Origin": center.origin}
    async with center.http.post("/api/session", data=body, headers=headers) as answer:
        assert await problem(answer) == code


async def test_a_body_without_length_is_cut_at_the_limit(center: Center) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1000

    headers = {"Origin": center.origin}
    async with center.http.post("/api/session", data=endless(), headers=headers) as answer:
        assert (answer.status, await problem(answer)) == (413, "body_too_large")


async def test_unknown_paths_and_methods_are_problems(center: Center) -> None:
    async with center.http.get("/api/nothing") as answer:
        assert (answer.status, await problem(answer)) == (404, "not_found")
    async with center.http.put("/healthz") as answer:
        assert answer.status == 405
        assert "GET" in answer.headers["Allow"]


async def test_what_is_no_picture_is_refused_and_not_kept(center: Center) -> None:
    device = await center.device()
    await device.connect()
    for data, code in ((b"not a picture", "not_an_image"), (b"", "not_an_image")):
        name = hashlib.sha256(data).hexdigest()
        async with center.http.put(
            f"/api/blobs/{name}", data=data, headers=device.bearer
        ) as answer:
            assert await problem(answer) == code
    name = "0" * 64
    async with center.http.put(f"/api/blobs/{name}", data=b"x", headers=device.bearer) as answer:
        assert await problem(answer) == "hash_mismatch"


async def test_a_slip_opens_its_matter_and_guessing_is_stopped(center: Center) -> None:
    device = await center.device()
    kiosk = await device.connect()
    await kiosk.do("consultation.request", **REQUEST)
    state = (await kiosk.shows("consultation.state"))["consultation"]
    number, code = state["number"], state["slip_code"]
    wrong = "000000" if code != "000000" else "111111"

    async def ask(slip_code: str) -> tuple[int, dict[str, object]]:
        body = {"number": number, "slip_code": slip_code}
        async with center.http.post("/api/lookup", json=body, headers=device.bearer) as answer:
            return answer.status, await answer.json()

    status, matter = await ask(code)
    assert (status, matter["state"]) == (200, "waiting")
    assert [(await ask(wrong))[1]["code"] for _ in range(5)] == ["not_found"] * 5
    assert (await ask(code))[1]["code"] == "locked_out"


async def test_front_ends_are_served_as_single_page_applications(
    tmp_path: Path, aiohttp_client: object
) -> None:
    dist = tmp_path / "console" / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<title>console</title>")
    (dist / "assets" / "index-abc.js").write_text("1")
    (tmp_path / "console" / "secret.txt").write_text("no")
    app = web.Application()
    bind_front_ends(app, tmp_path)
    client = await aiohttp_client(app)  # type: ignore[operator]
    for path in ("/console/", "/console/calls/7"):
        answer = await client.get(path)
        assert "console" in await answer.text()
        assert answer.headers["Cache-Control"] == "no-cache"
    asset = await client.get("/console/assets/index-abc.js")
    assert "immutable" in asset.headers["Cache-Control"]
    assert (await client.get("/console/assets/missing.js")).status == 404
    assert (await client.get("/console/%2e%2e/secret.txt")).status == 404
    unbuilt = await client.get("/admin/")
    assert unbuilt.status == 503
    assert "has not been built" in await unbuilt.text()
    home = await client.get("/", allow_redirects=False)
    assert home.headers["Location"] == "/console/"


async def test_an_export_speaks_the_asked_language_in_the_asked_columns(center: Center) -> None:
    admin = await center.sign_in("admin")
    asked = {
        "": "申请时间,编号,状态",
        "?words=en&columns=number,rating": "Number,Rating",
        "?columns=hall": "网点",
    }
    for query, header in asked.items():
        async with center.http.get(f"/api/usage.csv{query}", headers=admin.headers) as answer:
            text = (await answer.read()).decode("utf-8-sig")
            assert text.partition("\r\n")[0].startswith(header), query
    await admin.get("/api/usage.csv?columns=number,secret", status=422)


async def test_a_disabled_lawyer_is_off_duty_at_once(center: Center) -> None:
    lawyer = await center.on_duty("jin")
    admin = await center.sign_in("admin")
    async with center.http.patch(
        "/api/staff/jin", json={"disabled": True}, headers=admin.headers
    ) as answer:
        assert answer.status == 200, await answer.text()
    closed = await lawyer.ws.receive()
    while closed.type is WSMsgType.TEXT:
        closed = await lawyer.ws.receive()
    assert closed.data == 4401
    assert (await center.app[keys.VIEWS].hall()).lawyers_on_duty == 0
