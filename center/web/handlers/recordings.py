"""Recordings: what there is, and the files, decrypted while they are sent."""

import asyncio

from aiohttp import web

from center import keys
from center.protocol.recordings import RecordingDetail, RecordingList
from center.services.recording_ports import Playing
from center.web.auth import session_of
from center.web.endpoint import Nothing

PIECE = 256 * 1024
"""Bytes decrypted at a time."""


async def list_recordings(request: web.Request, _: Nothing) -> RecordingList:
    """Recordings that you may play, newest first."""
    return await request.app[keys.PLAYBACK].listing(session_of(request).staff)


async def read_recording(request: web.Request, _: Nothing) -> RecordingDetail:
    """A recording with its parts and what happened while it ran; the reading is audited."""
    staff, reel_id = session_of(request).staff, request.match_info["reel_id"]
    return await request.app[keys.PLAYBACK].detail(staff, reel_id)


async def play_recording(request: web.Request, _: Nothing) -> web.StreamResponse:
    """A part as WebM, whole or one range of it; the reading is audited."""
    staff, reel_id = session_of(request).staff, request.match_info["reel_id"]
    number = int(request.match_info["number"])
    playing = await request.app[keys.PLAYBACK].open(staff, reel_id, number)
    try:
        return await _send(request, playing)
    finally:
        playing.close()


async def _send(request: web.Request, playing: Playing) -> web.StreamResponse:
    begin, end = _wanted(request, playing.size)
    if begin >= end:
        headers = {"Content-Range": f"bytes */{playing.size}"}
        return web.Response(status=416, headers=headers)
    answer = web.StreamResponse(status=206 if "Range" in request.headers else 200)
    answer.content_type = "video/webm"
    answer.content_length = end - begin
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Cache-Control"] = "private, no-store"
    if answer.status == 206:
        answer.headers["Content-Range"] = f"bytes {begin}-{end - 1}/{playing.size}"
    await answer.prepare(request)
    for at in range(begin, end, PIECE):
        await answer.write(await asyncio.to_thread(playing.read, at, min(PIECE, end - at)))
    await answer.write_eof()
    return answer


def _wanted(request: web.Request, size: int) -> tuple[int, int]:
    """First byte and the one behind the last; an unreadable range counts as one out of reach."""
    try:
        wanted = request.http_range
    except ValueError:
        return size, size
    begin, end, _ = wanted.indices(size)
    return begin, end
