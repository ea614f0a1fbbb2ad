"""Every refusal a decision or a use case can give, each with its code on the wire."""

from typing import ClassVar

from center.protocol.words import ErrorCode


class DomainError(Exception):
    """A request was refused and changed nothing. `detail` is English, for logs and engineers."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code.value)
        self.detail = detail or self.code.value


class IllegalTransition(DomainError):
    """The event does not belong in this state."""

    code = ErrorCode.ILLEGAL_TRANSITION


class Conflict(DomainError):
    """What was asked contradicts what is there, such as a name that is taken."""

    code = ErrorCode.CONFLICT


class VersionConflict(Conflict):
    """Somebody else changed the same thing first; load it again and decide again."""


class NotFound(DomainError):
    """There is no such thing, or none that the asker may know of."""

    code = ErrorCode.NOT_FOUND


class Forbidden(DomainError):
    """The asker's role or part in the consultation does not allow this."""

    code = ErrorCode.FORBIDDEN


class OfferGone(DomainError):
    """The consultation no longer rings for this lawyer."""

    code = ErrorCode.OFFER_GONE


class NobodyWaiting(DomainError):
    """The queue holds nobody to take."""

    code = ErrorCode.NOBODY_WAITING


class NotInRoom(DomainError):
    """The peer does not belong to this room, or may not reach the addressee."""

    code = ErrorCode.NOT_IN_ROOM


class PeerAbsent(DomainError):
    """The addressee belongs to the room, but its page is not there now."""

    code = ErrorCode.PEER_ABSENT


class RoomFull(DomainError):
    """The room holds as many as it can connect."""

    code = ErrorCode.ROOM_FULL


class RoomLocked(DomainError):
    """The mediator locked the room; nobody new comes in."""

    code = ErrorCode.ROOM_LOCKED


class KioskIsRevoked(DomainError):
    """The kiosk was revoked and may ask for nothing."""

    code = ErrorCode.KIOSK_REVOKED


class Unauthenticated(DomainError):
    """Nobody is signed in, or the session has ended."""

    code = ErrorCode.UNAUTHENTICATED


class BadCredentials(DomainError):
    """Name and password do not belong together."""

    code = ErrorCode.BAD_CREDENTIALS


class LockedOut(DomainError):
    """Too many wrong passwords; the account rests for a while."""

    code = ErrorCode.LOCKED_OUT


class BadEnrolmentCode(DomainError):
    """The one-time code is wrong, used or too old."""

    code = ErrorCode.BAD_ENROLMENT_CODE


class BadSignature(DomainError):
    """The kiosk could not prove that it holds its key."""

    code = ErrorCode.BAD_SIGNATURE


class BlobMissing(DomainError):
    """A page names a picture that was never stored."""

    code = ErrorCode.BLOB_MISSING


class HashMismatch(DomainError):
    """The bytes are not those that the hash names."""

    code = ErrorCode.HASH_MISMATCH


class NotAnImage(DomainError):
    """The bytes are no picture of a kind we accept."""

    code = ErrorCode.NOT_AN_IMAGE


class ImageTruncated(DomainError):
    """The picture ends before it should."""

    code = ErrorCode.IMAGE_TRUNCATED


class ImageTooLarge(DomainError):
    """The picture's header announces more pixels or bytes than we accept."""

    code = ErrorCode.IMAGE_TOO_LARGE


class StorageFull(DomainError):
    """The disk has no room; nothing was stored."""

    code = ErrorCode.STORAGE_FULL
