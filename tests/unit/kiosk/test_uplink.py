"""Sockets for a thin line."""

import socket

from kiosk.uplink import UNSENT, lean


def test_little_waits_in_the_kernel_and_no_kernel_is_asked_too_much() -> None:
    with lean(socket.socket()) as made:
        assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == UNSENT
        assert not made.getblocking()
