"""What is asked of a table: filters, order, pages, columns, groups.

    jobs.where(jobs.remote_type == "remote", jobs.salary_min >= 60000).order(jobs.created_at.desc()).limit(50)

A query does not change: each call gives another. It may be run again, on any connection, as any role, in any thread.
"""

import struct
import threading
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from . import _encode
from ._library import call, constants, function
from .describe import ColumnInfo, TableInfo

_OPERATORS = {name: constants[f"HG_OP_{name}"] for name in (
    "EQ", "NE", "LT", "LE", "GT", "GE", "PREFIX", "CONTAINS", "INCLUDES", "OVERLAPS", "HAS_KEY", "HAS_ANY", "HAS_ALL",
    "WITHIN")}

__all__ = ["Column", "Filter", "JsonPath", "Measure", "Order", "Query", "avg", "count",
           "count_distinct", "max_", "min_", "sum_"]

Step = Callable[[int], None]


class _Handle:
    """An hg_query of ours."""

    def __init__(self, table: TableInfo, steps: Sequence[Step]) -> None:
        self.address = 0
        self._free = function("hg_query_free")
        self.address = function("hg_query_new")(table.number)
        if not self.address:
            raise MemoryError
        for step in steps:
            step(self.address)

    def __del__(self) -> None:
        if self.address:
            self._free(self.address)


# ---- Filters -------------------------------------------------------------------------------------------------------

class Filter:
    """What a row must be. f & g: both; f | g: one of them; ~f: rows for which f holds are left out."""

    def apply(self, query: int, table: TableInfo) -> None:
        raise NotImplementedError

    def __and__(self, other: "Filter") -> "Filter":
        return _Group("all", self, other)

    def __or__(self, other: "Filter") -> "Filter":
        return _Group("any", self, other)

    def __invert__(self) -> "Filter":
        return _Group("not", self)

    def __bool__(self) -> bool:
        raise TypeError("a filter is neither true nor false; combine filters with & | ~, not with and, or, not")


class _Group(Filter):
    def __init__(self, kind: str, *filters: Filter) -> None:
        self._kind, self._filters = kind, filters

    def apply(self, query: int, table: TableInfo) -> None:
        call(function(f"hg_query_{self._kind}"), query, of=table)
        for one in self._filters:
            one.apply(query, table)
        call(function("hg_query_end"), query, of=table)


class _Call(Filter):
    """One call of a filter, behind the query: its name and what follows the column."""

    def __init__(self, column: "Column", name: str, *arguments: int, keep: Any = None) -> None:
        self._column, self._name, self._arguments, self._keep = column, name, arguments, keep

    def apply(self, query: int, table: TableInfo) -> None:
        if self._column.table is not table:
            name = f"{self._column.table.name}.{self._column.info.field}"
            raise _encode.invalid(table, None, f"{name} is another table's")
        call(function(f"hg_query_where_{self._name}"), query, self._column.info.ordinal, *self._arguments, of=table)


def _buffered(make: Callable[[Any], bytes]) -> Callable[[Any, ColumnInfo], Tuple[Any, ...]]:
    def arguments(value: Any, column: ColumnInfo) -> Tuple[Any, ...]:
        buffer = _encode.Buffer(make(value))
        return buffer, buffer.address
    return arguments


def _plain(make: Callable[[Any], int]) -> Callable[[Any, ColumnInfo], Tuple[Any, ...]]:
    return lambda value, column: (None, make(value))


def _text(value: Any, column: ColumnInfo) -> Tuple[Any, ...]:
    if not isinstance(value, str):
        raise TypeError("a str is wanted")
    buffer = _encode.Buffer(value.encode())
    return buffer, buffer.address, len(value.encode())


def _json(value: Any, column: ColumnInfo) -> Tuple[Any, ...]:
    return _text(_encode.json_text(value), column)


def _text_list(value: Any, column: ColumnInfo) -> Tuple[Any, ...]:
    texts = _encode.Texts(list(value))
    return texts, texts.text.address, texts.ends.address, texts.null_address, texts.count


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("an int is wanted")
    if not -2**63 <= value < 2**63:
        raise ValueError(f"{value} does not fit")
    return int(value)


def _boolean(value: Any) -> int:
    if not isinstance(value, bool):
        raise TypeError("a bool is wanted")
    return int(value)


def decimal_bytes(value: Any) -> bytes:
    return struct.pack("=qii", *_encode.decimal_parts(value))


def _inet_bytes(value: Any) -> bytes:
    return struct.pack("=16sBB6x", *_encode.inet_parts(value))


#: Of each kind: the name of its filter, and what it takes for a value, behind what keeps that alive.
_VALUES: Dict[str, Tuple[str, Callable[[Any, ColumnInfo], Tuple[Any, ...]]]] = {
    "UUID": ("uuid", _buffered(_encode.uuid_bytes)),
    "TEXT": ("text", _text),
    "JSON": ("json", _json),
    "ENUM": ("enum", lambda value, column: (None, _encode.enum_number(value, column))),
    "INT": ("int", _plain(_integer)),
    "BIGINT": ("int", _plain(_integer)),
    "BOOL": ("bool", _plain(_boolean)),
    "DECIMAL": ("decimal", _buffered(decimal_bytes)),
    "TIMESTAMP": ("time", _plain(_encode.time_number)),
    "DATE": ("date", _plain(_encode.date_number)),
    "INET": ("inet", _buffered(_inet_bytes)),
    "TEXT_LIST": ("text_list", _text_list),
}

#: Of each kind that in_() takes: the struct code of an element, and its parts.
_ELEMENTS: Dict[str, Tuple[str, Callable[[Any, ColumnInfo], Tuple[Any, ...]]]] = {
    "UUID": ("16s", lambda value, column: (_encode.uuid_bytes(value),)),
    "ENUM": ("i", lambda value, column: (_encode.enum_number(value, column),)),
    "INT": ("i", lambda value, column: (_integer(value),)),
    "TIMESTAMP": ("q", lambda value, column: (_encode.time_number(value),)),
    "DATE": ("i", lambda value, column: (_encode.date_number(value),)),
    "DECIMAL": ("qii", lambda value, column: _encode.decimal_parts(value)),
    "INET": ("16sBB6x", lambda value, column: _encode.inet_parts(value)),
}


class Order:
    """A sort key."""

    def __init__(self, column: "Column", direction: int, nulls: str) -> None:
        self.column, self.direction = column, direction
        self.nulls = constants[f"HG_NULLS_{nulls.upper()}"]


class Column:
    """A column of a table: compared with a value it gives a filter."""

    __hash__ = object.__hash__

    def __init__(self, table: TableInfo, info: ColumnInfo) -> None:
        self.table, self.info = table, info
        self.__doc__ = info.comment

    def __repr__(self) -> str:
        return f"<column {self.table.name}.{self.info.field}>"

    def _compare(self, operator: str, value: Any, kind: Optional[str] = None) -> Filter:
        name, arguments = _VALUES[kind or self.info.kind]
        try:
            keep, *rest = arguments(value, self.info)
        except (TypeError, ValueError) as why:
            raise _encode.invalid(self.table, self.info.field, why) from None
        return _Call(self, name, _OPERATORS[operator], *rest, keep=keep)

    def __eq__(self, value: Any) -> Filter:  # type: ignore[override]
        return self.is_null() if value is None else self._compare("EQ", value)

    def __ne__(self, value: Any) -> Filter:  # type: ignore[override]
        return self.is_not_null() if value is None else self._compare("NE", value)

    def __lt__(self, value: Any) -> Filter:
        return self._compare("LT", value)

    def __le__(self, value: Any) -> Filter:
        return self._compare("LE", value)

    def __gt__(self, value: Any) -> Filter:
        return self._compare("GT", value)

    def __ge__(self, value: Any) -> Filter:
        return self._compare("GE", value)

    def is_null(self) -> Filter:
        return _Call(self, "null", 1)

    def is_not_null(self) -> Filter:
        return _Call(self, "null", 0)

    def in_(self, values: Sequence[Any]) -> Filter:
        """One of the values; among texts None finds NULL."""
        kind, values = self.info.kind, list(values)
        try:
            if kind == "TEXT":
                texts = _encode.Texts(values)
                return _Call(self, "in_text", texts.text.address, texts.ends.address, texts.null_address, texts.count,
                             keep=texts)
            if kind not in _ELEMENTS:
                raise TypeError("the column's type has no list of values to compare with")
            code, parts = _ELEMENTS[kind]
            data = b"".join(struct.pack("=" + code, *parts(value, self.info)) for value in values)
        except (TypeError, ValueError) as why:
            raise _encode.invalid(self.table, self.info.field, why) from None
        buffer = _encode.Buffer(data)
        return _Call(self, f"in_{_VALUES[kind][0]}", buffer.address, len(values), keep=buffer)

    def startswith(self, text: str) -> Filter:
        return self._compare("PREFIX", text)

    def contains(self, text: str) -> Filter:
        """Text with this in it, in any case."""
        return self._compare("CONTAINS", text)

    def includes(self, value: Any) -> Filter:
        """JSON, or a list, with all of this in it."""
        return self._compare("INCLUDES", value)

    def overlaps(self, values: Sequence[str]) -> Filter:
        """A list with any of these in it."""
        return self._compare("OVERLAPS", values)

    def has_key(self, key: str) -> Filter:
        """JSON with the key, or the text as an element."""
        return self._compare("HAS_KEY", key, "TEXT")

    def has_any(self, keys: Sequence[str]) -> Filter:
        return self._compare("HAS_ANY", keys, "TEXT_LIST")

    def has_all(self, keys: Sequence[str]) -> Filter:
        return self._compare("HAS_ALL", keys, "TEXT_LIST")

    def within(self, network: Any) -> Filter:
        """An address in the network, or it."""
        return self._compare("WITHIN", network)

    def path(self, *keys: Union[str, int]) -> "JsonPath":
        """The value in a JSON column at a path of keys and indexes, to be compared as text."""
        return JsonPath(self, [str(key) for key in keys])

    def asc(self, nulls: str = "default") -> Order:
        """nulls: default, first or last."""
        return Order(self, constants["HG_ASCENDING"], nulls)

    def desc(self, nulls: str = "default") -> Order:
        return Order(self, constants["HG_DESCENDING"], nulls)


class JsonPath:
    __hash__ = object.__hash__

    def __init__(self, column: Column, path: List[str]) -> None:
        self._column, self._path = column, path

    def _compare(self, operator: str, value: str) -> Filter:
        path = _encode.Texts(self._path)
        text, *rest = _text(value, self._column.info)
        return _Call(self._column, "json_path", path.text.address, path.ends.address, path.count, _OPERATORS[operator],
                     *rest, keep=(path, text))

    def __eq__(self, value: str) -> Filter:  # type: ignore[override]
        return self._compare("EQ", value)

    def __ne__(self, value: str) -> Filter:  # type: ignore[override]
        return self._compare("NE", value)

    def __lt__(self, value: str) -> Filter:
        return self._compare("LT", value)

    def __le__(self, value: str) -> Filter:
        return self._compare("LE", value)

    def __gt__(self, value: str) -> Filter:
        return self._compare("GT", value)

    def __ge__(self, value: str) -> Filter:
        return self._compare("GE", value)


# ---- Queries -------------------------------------------------------------------------------------------------------

class Measure:
    """What an aggregate computes of the rows of a group."""

    def __init__(self, kind: str, column: Optional[Column]) -> None:
        self.number, self.column = constants[f"HG_MEASURE_{kind}"], column


def count(column: Optional[Column] = None) -> Measure:
    """Rows, or with a column its values that are not NULL."""
    return Measure("COUNT", column)


def count_distinct(column: Column) -> Measure:
    return Measure("COUNT_DISTINCT", column)


def sum_(column: Column) -> Measure:
    return Measure("SUM", column)


def avg(column: Column) -> Measure:
    return Measure("AVG", column)


def min_(column: Column) -> Measure:
    return Measure("MIN", column)


def max_(column: Column) -> Measure:
    return Measure("MAX", column)


class Query:
    """A query of one table or view."""

    def __init__(self, table: Any, steps: Tuple[Step, ...] = (), groups: Tuple[str, ...] = (),
                 measures: Tuple[str, ...] = ()) -> None:
        self.table = table          # tables.Table
        self._info: TableInfo = table._info
        self._steps = steps
        self._groups, self._measures = groups, measures
        self._handle: Optional[_Handle] = None
        self._lock = threading.Lock()

    @property
    def address(self) -> int:
        """The hg_query, which lives as long as this does."""
        with self._lock:
            if self._handle is None:
                self._handle = _Handle(self._info, self._steps)
        return self._handle.address

    @property
    def names(self) -> Tuple[str, ...]:
        """The columns of an aggregate's rows."""
        return self._groups + self._measures

    def _with(self, *steps: Step, groups: Sequence[str] = (), measures: Sequence[str] = ()) -> "Query":
        return Query(self.table, self._steps + steps, (*self._groups, *groups), (*self._measures, *measures))

    def _step(self, name: str, *arguments: int, keep: Any = None) -> Step:
        return lambda query, keep=keep: call(function(name), query, *arguments, of=self._info)  # type: ignore[misc]

    def where(self, *filters: Filter, **equal: Any) -> "Query":
        """Rows for which all filters hold; title="x" is jobs.title == "x"."""
        all_filters = [*filters, *(self.table._column(name) == value for name, value in equal.items())]
        return self._with(*(lambda query, one=one: one.apply(query, self._info)
                            for one in all_filters))

    def order(self, *keys: Union[Order, Column]) -> "Query":
        """Sort keys, after those before; the id always comes last by itself."""
        orders = [key.asc() if isinstance(key, Column) else key for key in keys]
        return self._with(*(self._step("hg_query_order", key.column.info.ordinal, key.direction, key.nulls)
                            for key in orders))

    def limit(self, rows: int) -> "Query":
        return self._with(self._step("hg_query_limit", _integer(rows)))

    def after(self, cursor: str) -> "Query":
        """Only rows behind the one that the cursor was taken of: Rows.cursor()."""
        return self._cursor("hg_query_after", cursor)

    def before(self, cursor: str) -> "Query":
        return self._cursor("hg_query_before", cursor)

    def _cursor(self, name: str, cursor: str) -> "Query":
        buffer = _encode.Buffer(cursor.encode())
        return self._with(self._step(name, buffer.address, len(cursor.encode()), keep=buffer))

    def columns(self, *columns: Column) -> "Query":
        """Only these columns, and the id, are read; the others are NOT_LOADED."""
        mask = 0
        for column in columns:
            mask |= 1 << column.info.ordinal
        return self._with(self._step("hg_query_columns", mask))

    def lock(self, skip_locked: bool = False) -> "Query":
        """Locks the rows that are found until the transaction ends."""
        lock = constants["HG_LOCK_SKIP_LOCKED" if skip_locked else "HG_LOCK_UPDATE"]
        return self._with(self._step("hg_query_lock", lock))

    def group(self, *columns: Column) -> "Query":
        """Groups by columns, for Connection.aggregate()."""
        return self._with(*(self._step("hg_query_group", column.info.ordinal) for column in columns),
                          groups=[column.info.field for column in columns])

    def bucket(self, column: Column, unit: str, zone: str = "UTC") -> "Query":
        """Groups by the hour, day, week or month in which a time or date lies, as the zone has them."""
        buffer = _encode.Buffer(zone.encode() + b"\0")
        return self._with(self._step("hg_query_bucket", column.info.ordinal, constants[f"HG_UNIT_{unit.upper()}"],
                                     buffer.address, keep=buffer), groups=[unit.lower()])

    def measure(self, **measures: Measure) -> "Query":
        """What is computed of each group, by name: measure(n=count(), best=max_(jobs.salary_max))."""
        return self._with(*(self._step("hg_query_measure", one.number, one.column.info.ordinal if one.column else -1)
                            for one in measures.values()), measures=list(measures))

    def having(self, measure: str, operator: str, value: Any) -> "Query":
        """Only groups whose measure, by its name, compares so: having("n", ">=", 3)."""
        op = _OPERATORS[{"==": "EQ", "!=": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}[operator]]
        number = self._measures.index(measure)
        if isinstance(value, int):
            return self._with(self._step("hg_query_having_int", number, op, value))
        buffer = _encode.Buffer(decimal_bytes(value))
        return self._with(self._step("hg_query_having_decimal", number, op, buffer.address, keep=buffer))

    def order_measure(self, measure: str, descending: bool = True) -> "Query":
        """Orders the groups by a measure before anything else."""
        return self._with(self._step("hg_query_order_measure", self._measures.index(measure), int(descending)))
