"""Who may sit where: enrolment codes of kiosks and sign-ins of lawyers, from a file."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from media.callers.errors import SeatsError


class Login(BaseModel):
    """A staff member's name and password."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    username: str
    password: SecretStr


class Seats(BaseModel):
    """Each of `kiosks` is a fresh enrolment code. The supervisor reads the logs afterwards; without
    one they are not checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kiosks: tuple[SecretStr, ...] = Field(min_length=1)
    lawyers: tuple[Login, ...] = Field(min_length=1)
    supervisor: Login | None = None

    def require(self, count: int) -> None:
        """There must be so many pairs.

        Raises:
            SeatsError: there are fewer.
        """
        if min(len(self.kiosks), len(self.lawyers)) < count:
            here = f"{len(self.kiosks)} kiosks and {len(self.lawyers)} lawyers"
            raise SeatsError(f"{count} calls need as many kiosks and lawyers; there are {here}")

    def part(self, turns: range) -> "Seats":
        """Those of these turns."""
        kiosks = tuple(self.kiosks[turn] for turn in turns)
        lawyers = tuple(self.lawyers[turn] for turn in turns)
        return Seats(kiosks=kiosks, lawyers=lawyers)


def read_seats(path: Path) -> Seats:
    """The seats of a JSON file.

    Raises:
        SeatsError: it cannot be read, or is something else.
    """
    try:
        return Seats.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SeatsError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise SeatsError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
