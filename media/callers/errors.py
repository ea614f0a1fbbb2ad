"""What can go wrong between a synthetic caller and a center."""


class CallersError(Exception):
    """Everything below; the message says what was tried."""


class SeatsError(CallersError):
    """The kiosks and lawyers that were named cannot be used, or are too few."""


class UnreachedError(CallersError):
    """No center answers there, or none that could start."""


class RefusedError(CallersError):
    """The center refused."""


class GoneError(CallersError):
    """The socket was closed while something was awaited."""


class LateError(CallersError):
    """What had to come did not, in time."""


class LostError(CallersError):
    """A process of the callers died."""
