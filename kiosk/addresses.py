"""Tells when this machine's network addresses change: from Wi-Fi to cable, a cable pulled.

TCP keeps a connection whose address is gone for minutes, asking in vain; the kernel's own news
(rtnetlink) come at once.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

import psutil

log = logging.getLogger(__name__)

IPV4_ADDRESSES, IPV6_ADDRESSES = 0x10, 0x100
"""RTMGRP_IPV4_IFADDR and RTMGRP_IPV6_IFADDR of linux/rtnetlink.h."""
LARGEST_NEWS = 65_536


class AddressWatch:
    """Calls back after each change of addresses, between `open` and `close`."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._news: socket.socket | None = None

    def open(self) -> None:
        """Begin to listen; without rtnetlink (not Linux) nothing is ever told."""
        try:
            self._news = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
            self._news.bind((0, IPV4_ADDRESSES | IPV6_ADDRESSES))
        except (AttributeError, OSError) as error:
            log.info("changes of address are not told: %s", error)
            self.close()
            return
        self._news.setblocking(False)
        asyncio.get_running_loop().add_reader(self._news, self._heard)

    def close(self) -> None:
        """Listen no more."""
        if self._news is not None:
            asyncio.get_running_loop().remove_reader(self._news)
            self._news.close()
            self._news = None

    def _heard(self) -> None:
        with suppress(OSError):  # news that did not fit are news too
            while self._news is not None:
                self._news.recv(LARGEST_NEWS)
        self._changed()


def is_ours(address: str) -> bool:
    """Whether this machine has the address now."""
    return any(a.address == address for every in psutil.net_if_addrs().values() for a in every)
