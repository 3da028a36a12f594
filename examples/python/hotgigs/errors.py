"""An exception class for each status of the library."""

from typing import Any, Dict, Optional, Type

__all__ = ["Error", "CancelledError", "ConflictError", "ConstraintError", "DeniedError", "HeldError",
           "InDoubtError", "InternalError", "InvalidError", "LostConnectionError", "NoMemoryError", "NotFoundError",
           "RetryError", "SchemaError", "StateError"]


class Error(Exception):
    """What went wrong, in one line without values of rows."""

    status: int = 0             #: HG_E_*
    message: str
    table: Optional[str]        #: the table concerned, if there is one
    column: Optional[str]       #: the column or parameter concerned, if there is one
    constraint: Optional[str]   #: the constraint of the database that refuses it
    sqlstate: Optional[str]     #: the server's five characters; None: the error is not the server's
    retryable: bool             #: repeating the whole transaction may succeed
    outcome_unknown: bool       #: a commit was sent, and its outcome is not known
    failed: Optional[int]       #: of a batch: the number of the write that failed, from 0

    def __init__(self, message: str, *, table: Optional[str] = None, column: Optional[str] = None,
                 constraint: Optional[str] = None, sqlstate: Optional[str] = None, retryable: bool = False,
                 outcome_unknown: bool = False, status: Optional[int] = None) -> None:
        super().__init__(message)
        self.message, self.table, self.column = message, table, column
        self.constraint, self.sqlstate = constraint, sqlstate
        self.retryable, self.outcome_unknown = retryable, outcome_unknown
        self.failed = None
        if status is not None:
            self.status = status

    def __reduce__(self) -> Any:
        return _again, (type(self), self.args, self.__dict__)


def _again(cls: Type[Error], args: Any, state: Dict[str, Any]) -> Error:
    error = cls(*args)
    error.__dict__.update(state)
    return error


class NotFoundError(Error, LookupError):
    """No such row, or not visible to this role: the two look the same on purpose."""

    status = 1


class ConflictError(Error):
    """A unique key is taken, or the row changed since it was read."""

    status = 2


class ConstraintError(Error):
    """A check, foreign key or NOT NULL of the database refuses it."""

    status = 3


class DeniedError(Error, PermissionError):
    """This role may not."""

    status = 4

    def __str__(self) -> str:
        return self.message


class InvalidError(Error, ValueError):
    """A value or an argument is wrong; almost always found before anything is sent."""

    status = 5


class RetryError(Error):
    """Serialization failure or deadlock: repeat the whole transaction."""

    status = 6


class LostConnectionError(Error, ConnectionError):
    """The server cannot be reached, refused the login, or went away."""

    status = 7

    def __str__(self) -> str:
        return self.message


class CancelledError(Error, TimeoutError):
    """The deadline passed, or the call was cancelled."""

    status = 8

    def __str__(self) -> str:
        return self.message


class NoMemoryError(Error, MemoryError):
    """Out of memory, here or on the server."""

    status = 9


class SchemaError(Error):
    """The database is not the schema that this library was built for."""

    status = 10


class InternalError(Error):
    """A defect of the library, or an answer of the server that it does not expect."""

    status = 11


class StateError(Error):
    """Not allowed now: a finished transaction, an open cursor, a status machine."""

    status = 12


class InDoubtError(Error):
    """A write was sent and its reply was lost: it may or may not have happened."""

    status = 13


class HeldError(Error):
    """A legal hold keeps the data."""

    status = 14


#: The class of each status. A later library may know more: those come as InternalError with their own status.
BY_STATUS: Dict[int, Type[Error]] = {
    cls.status: cls for cls in (
        NotFoundError, ConflictError, ConstraintError, DeniedError, InvalidError, RetryError, LostConnectionError,
        CancelledError, NoMemoryError, SchemaError, InternalError, StateError, InDoubtError, HeldError)
}
