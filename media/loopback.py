"""Lets ICE use 127.0.0.1: the page and the agent are one machine, which may have no network.

aioice leaves loopback addresses out and offers no setting
(https://github.com/aiortc/aioice/blob/main/src/aioice/ice.py, `get_host_addresses`).
"""

from aioice import ice

LOOPBACK = "127.0.0.1"

_network_addresses = ice.get_host_addresses


def _with_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    found = _network_addresses(use_ipv4, use_ipv6)
    return [*found, LOOPBACK] if use_ipv4 and LOOPBACK not in found else found


def allow_loopback() -> None:
    """From now on connections of this process gather 127.0.0.1 as well."""
    ice.get_host_addresses = _with_loopback
