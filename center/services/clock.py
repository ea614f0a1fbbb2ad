"""The real time and real chance behind the ports."""

import secrets
from datetime import UTC, datetime


class SystemClock:
    """Implements `ports.Clock`."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)


class SecretCodes:
    """Implements `ports.Codes`."""

    def consultation_id(self) -> str:
        """96 random bits, URL-safe."""
        return secrets.token_hex(12)

    def slip_code(self) -> str:
        """Six digits."""
        return f"{secrets.randbelow(1_000_000):06d}"
