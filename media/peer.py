"""The agent's end of the loopback connection that carries the desk to the kiosk page."""

import asyncio
import logging
from collections.abc import Callable

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidAccessError, InvalidStateError

from media.keyframes import keep_calm
from media.loopback import allow_loopback

log = logging.getLogger(__name__)


class OfferRefusedError(ValueError):
    """The offer is no session description, or does not ask for video."""


class DeskPeer:
    """One connection at a time: a new offer (the page was loaded anew) replaces the old one."""

    def __init__(self, make_track: Callable[[], MediaStreamTrack]) -> None:
        allow_loopback()
        self._make_track = make_track
        self._connection: RTCPeerConnection | None = None
        self._track: MediaStreamTrack | None = None
        self._turn = asyncio.Lock()

    @property
    def state(self) -> str:
        """W3C connection state; `closed` when there is none."""
        return self._connection.connectionState if self._connection else "closed"

    async def answer(self, sdp: str) -> str:
        """Answer an offer with all its candidates inside.

        Raises:
            OfferRefusedError: it cannot be answered; there is no connection now.
        """
        async with self._turn:
            await self._close()
            try:
                return await self._answer(sdp)
            except (ValueError, IndexError, KeyError, AssertionError, AttributeError) as error:
                await self._close()
                raise OfferRefusedError(str(error)) from error
            except (InvalidAccessError, InvalidStateError) as error:
                await self._close()
                raise OfferRefusedError(str(error)) from error

    async def close(self) -> None:
        """Hang up; the track ends."""
        async with self._turn:
            await self._close()

    async def _answer(self, sdp: str) -> str:
        if "m=video" not in sdp:
            raise OfferRefusedError("no video is asked for")
        # iceServers=None would mean a public STUN server; MAX_BUNDLE fails with libwebrtc.
        connection = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.BALANCED)
        )
        self._connection, self._track = connection, self._make_track()
        await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        keep_calm(connection.addTrack(self._track))
        await connection.setLocalDescription(await connection.createAnswer())
        return connection.localDescription.sdp

    async def _close(self) -> None:
        connection, track = self._connection, self._track
        self._connection = self._track = None
        if track is not None:
            track.stop()
        if connection is not None:
            await connection.close()
