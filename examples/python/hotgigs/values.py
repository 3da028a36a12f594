"""Values that Python has no type for: the marker of what was not read, and times beyond datetime.

A timestamp or date of PostgreSQL may be infinite, before the year 1 or after 9999. Such a value comes as FarTime or
FarDate: exact, printed as PostgreSQL prints it, ordered among its like and with datetime and date, and accepted
wherever those are.
"""

import datetime
import functools
import uuid
from typing import Any, Union

from ._library import call, function, memory, scratch

import struct as _struct


__all__ = ["INFINITE_DATE", "INFINITY", "NEGATIVE_INFINITE_DATE", "NEGATIVE_INFINITY", "NOT_LOADED", "Date", "FarDate",
           "FarTime", "Json", "Time", "new_id"]


class _NotLoaded:
    """Of a column that was not read: not asked for, or not this role's to read. False, and equal to itself alone."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOT_LOADED"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "NOT_LOADED"


NOT_LOADED = _NotLoaded()

def new_id() -> uuid.UUID:
    """A new version 7 uuid: time first, so that keys made by clients stay in index order."""
    function("hg_uuid_new")(scratch.out)
    return uuid.UUID(bytes=bytes(memory[scratch.out:scratch.out + 16]))


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
EPOCH_DAY = datetime.date(1970, 1, 1).toordinal()
_MICROSECOND = datetime.timedelta(microseconds=1)

#: Microseconds and days since 1970 that datetime and date can hold.
TIME_MIN = (datetime.datetime.min.replace(tzinfo=datetime.timezone.utc) - EPOCH) // _MICROSECOND
TIME_MAX = (datetime.datetime.max.replace(tzinfo=datetime.timezone.utc) - EPOCH) // _MICROSECOND
DATE_MIN, DATE_MAX = 1 - EPOCH_DAY, datetime.date.max.toordinal() - EPOCH_DAY


def micros_of(value: datetime.datetime) -> int:
    """Microseconds since 1970, exactly; ValueError of a time without a time zone."""
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError("the time has no time zone; give it one, such as datetime.timezone.utc")
    return (value - EPOCH) // _MICROSECOND


class _Far:
    __slots__ = ("number",)
    _text: str
    _size = 40

    number: int

    def __init__(self, number: int) -> None:
        object.__setattr__(self, "number", number)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} does not change")

    def __reduce__(self) -> Any:
        return type(self), (self.number,)

    def __str__(self) -> str:
        call(function(self._text), self.number, scratch.out, self._size)
        return str(memory[scratch.out:scratch.out + self._size].split(b"\0", 1)[0].decode())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def __hash__(self) -> int:
        return hash((type(self), self.number))

    @classmethod
    def _number_of(cls, other: Any) -> Any:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return bool(self._number_of(other) == self.number)

    def __lt__(self, other: Any) -> Any:
        number = self._number_of(other)
        return bool(self.number < number) if number is not None else NotImplemented


@functools.total_ordering
class FarTime(_Far):
    """A timestamp that datetime cannot hold: number is its microseconds since 1970."""

    __slots__ = ()
    _text = "hg_timestamp_to_text"

    @property
    def is_infinite(self) -> bool:
        return self.number in (-2**63, 2**63 - 1)

    @classmethod
    def _number_of(cls, other: Any) -> Any:
        if isinstance(other, FarTime):
            return other.number
        return micros_of(other) if isinstance(other, datetime.datetime) else None


@functools.total_ordering
class FarDate(_Far):
    """A date that date cannot hold: number is its days since 1970."""

    __slots__ = ()
    _text = "hg_date_to_text"

    @property
    def is_infinite(self) -> bool:
        return self.number in (-2**31, 2**31 - 1)

    @classmethod
    def _number_of(cls, other: Any) -> Any:
        if isinstance(other, FarDate):
            return other.number
        is_date = isinstance(other, datetime.date) and not isinstance(other, datetime.datetime)
        return other.toordinal() - EPOCH_DAY if is_date else None


INFINITY, NEGATIVE_INFINITY = FarTime(2**63 - 1), FarTime(-2**63)
INFINITE_DATE, NEGATIVE_INFINITE_DATE = FarDate(2**31 - 1), FarDate(-2**31)

Time = Union[datetime.datetime, FarTime]
Date = Union[datetime.date, FarDate]


class Json(str):
    """A JSON document's text, to be written as it is: Json("null") is JSON's null, where None would be SQL NULL."""

    __slots__ = ()
