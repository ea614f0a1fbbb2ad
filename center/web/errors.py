"""Refusals that only HTTP knows; like all refusals they carry a code of the contract."""

from center.domain.errors import DomainError
from center.protocol.words import ErrorCode


class WrongOrigin(DomainError):
    """A page of another origin, or of none, sent this."""

    code = ErrorCode.WRONG_ORIGIN


class BodyInvalid(DomainError):
    """The body or the query is not what the endpoint takes."""

    code = ErrorCode.BODY_INVALID


class BodyTooLarge(DomainError):
    """The body is longer than the endpoint takes."""

    code = ErrorCode.BODY_TOO_LARGE
