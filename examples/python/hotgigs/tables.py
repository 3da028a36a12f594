"""The tables and views: for each its columns to ask by (jobs), the class of its rows (Job), its enumerated values
(JobRemoteType), and what a connection can do with it (connection.jobs). All of it is made from the library's
description.
"""

from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from . import _encode, describe
from ._decode import AT_LOADED
from ._library import call, clear_outs, function, memory, out_int, outs, scratch, take_text
from .query import Column, Filter, Order, Query
from ._names import camel
from .rows import Reader, Row, as_dict, json_text
from .values import Json

import struct as _struct


class Rows(List[Any]):
    """A list of rows. It keeps the library's own list, for cursors and related rows, until it is closed or goes."""

    _address = 0

    def __init__(self, table: "Table", address: int) -> None:
        rows, = _addresses(table._call("list_rows"), address)
        start, count, stride = rows
        super().__init__(table._reader.many(start, count, stride))
        self._table, self._address, self._free = table, address, table._call("list_free")

    def cursor(self, i: int) -> str:
        """The place of row i in its query's order, for Query.after() and before()."""
        scratch_out = scratch.out
        i = i + len(self) if i < 0 else i
        call(self._table._call("list_cursor"), self._address, i, scratch_out, of=self._table._info)
        return take_text(out_int()) or ""

    def close(self) -> None:
        """Gives the library's list back; the rows stay."""
        address, self._address = self._address, 0
        if address:
            self._free(address)

    def __del__(self) -> None:
        self.close()


def _addresses(list_rows: Callable[..., int], address: int) -> Tuple[Tuple[int, int, int]]:
    """Start, count and stride of a list."""
    out = scratch.out
    start = list_rows(address, out, out + 8)
    count, stride, _ = outs()
    return (start, count, stride),


class Table:
    """A table or view: its columns are attributes, its queries begin with where()."""

    _info: describe.TableInfo

    def __init__(self, info: describe.TableInfo, reader: Reader) -> None:
        self._info, self._reader = info, reader
        self._calls: Dict[str, Callable[..., int]] = {}
        self._columns = {column.field: Column(info, column) for column in info.columns}
        self.__dict__.update(self._columns)
        self.__doc__ = info.comment

    def __repr__(self) -> str:
        return f"<{'view' if self._info.is_view else 'table'} {self._info.name}>"

    def _column(self, field: str) -> Column:
        try:
            return self._columns[field]
        except KeyError:
            raise _encode.invalid(self._info, None, f"there is no {field}") from None

    def _call(self, name: str) -> Callable[..., int]:
        found = self._calls.get(name)
        if found is None:
            found = self._calls[name] = function(f"hg_{self._info.singular}_{name}")
        return found

    def to_json(self, row: Row) -> str:
        """A row as a JSON object of the columns that were read. Numbers are exact, JSON columns verbatim."""
        own = _encode.encode(self._info, [verbatim(row)])
        _struct.pack_into("=Q", memory, own.address + AT_LOADED, own.set)
        call(self._call("to_json"), own.address, scratch.out, of=self._info)
        return take_text(out_int()) or ""

    def from_json(self, text: str) -> List[Dict[str, Any]]:
        """The columns that a JSON object says, or each of an array of objects, for insert(**columns) and the like."""
        buffer = _encode.Buffer(text.encode())
        call(self._call("from_json"), buffer.address, len(text.encode()), scratch.out, of=self._info)
        draft = out_int()
        try:
            out = scratch.out
            start = self._call("draft_rows")(draft, out, out + 8, out + 16)
            count, stride, columns = outs()
            return [verbatim(row) for row in self._reader.many(start, count, stride, columns)]
        finally:
            function("hg_draft_free")(draft)

    def where(self, *filters: Filter, **equal: Any) -> Query:
        """The rows for which all filters hold; all rows without any."""
        return Query(self).where(*filters, **equal)

    def order(self, *keys: Union[Order, Column]) -> Query:
        return Query(self).order(*keys)

    def limit(self, rows: int) -> Query:
        return Query(self).limit(rows)


def verbatim(row: Row) -> Dict[str, Any]:
    """The columns of a row that were read, JSON as its text."""
    cells = as_dict(row)
    for column in row._info.columns:
        if column.kind == "JSON" and cells.get(column.field, None) is not None:
            cells[column.field] = Json(json_text(row, column.field))
    return cells


def id_of(row_or_id: Any) -> Tuple[_encode.Buffer, int]:
    """The id of a row, or an id; and the row's version."""
    if isinstance(row_or_id, Row):
        return _encode.Buffer(_encode.uuid_bytes(row_or_id.id)), row_or_id.row_version  # type: ignore[attr-defined]
    return _encode.Buffer(_encode.id_bytes(row_or_id)), 0


class Stream:
    """Rows as they come, in bounded memory. Closed at its end, by close(), or at the end of a with."""

    def __init__(self, connection: Any, table: Table, address: int) -> None:
        self._connection = connection       # which must not go before
        self._table, self._address, self._next = table, address, table._call("next")

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._address:
            call(self._next, self._address, scratch.out, of=self._table._info)
            row = out_int()
            if row:
                return self._table._reader.one(row)
            self.close()
        raise StopIteration

    def close(self) -> None:
        address, self._address = self._address, 0
        if address:
            function("hg_cursor_close")(address)

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()


class Door:
    """What a connection can do with a table or view: as connection.jobs."""

    def __init__(self, connection: Any, table: Table) -> None:
        self._connection, self._table, self._info = connection, table, table._info

    def _run(self, name: str, *arguments: int) -> int:
        """Runs a call that gives something last."""
        call(self._table._call(name), self._connection.address, *arguments, scratch.out, of=self._info)
        return out_int()

    def _take(self, address: int) -> Any:
        """The row that a call gave, which is freed."""
        try:
            return self._table._reader.one(address)
        finally:
            self._table._call("free")(address)

    def _query(self, query: Union[Query, Filter, None]) -> Query:
        if isinstance(query, Query):
            if query.table is not self._table:
                raise _encode.invalid(self._info, None, f"the query is of {query.table._info.name}")
            return query
        return self._table.where(query) if isinstance(query, Filter) else self._table.where()

    # ---- Reading ----

    def get(self, id: Any) -> Any:
        """The row of that id. NotFoundError: there is none, or it is not visible to this role."""
        key = _encode.Buffer(_encode.id_bytes(id))
        return self._take(self._run("get", key.address))

    def get_many(self, ids: Iterable[Any]) -> Rows:
        """The rows that have one of these ids, in no particular order."""
        data = b"".join(map(_encode.id_bytes, ids))
        keys = _encode.Buffer(data)
        return Rows(self._table, self._run("get_many", keys.address, len(data) // 16))

    def find(self, query: Union[Query, Filter, None] = None) -> Rows:
        """The rows that a query finds, in its order; all without one."""
        query = self._query(query)
        return Rows(self._table, self._run("find", query.address))

    def first(self, query: Union[Query, Filter, None] = None) -> Any:
        """The first row that a query finds; None: it finds none."""
        rows = self.find(self._query(query).limit(1))
        return rows[0] if rows else None

    def count(self, query: Union[Query, Filter, None] = None) -> int:
        query = self._query(query)
        return self._run("count", query.address)

    def exists(self, query: Union[Query, Filter, None] = None) -> bool:
        query = self._query(query)
        clear_outs()
        return bool(self._run("exists", query.address))

    def stream(self, query: Union[Query, Filter, None] = None) -> Stream:
        """The rows that a query finds, one by one. Until it ends, outside a transaction, it has the connection."""
        query = self._query(query)
        return Stream(self._connection, self._table, self._run("stream", query.address))

    def related(self, rows: Rows, relation: str, query: Optional[Query] = None) -> List[Any]:
        """What belongs to each row of a list, in one statement: a list of rows for each; or, where a row refers to one
        row, that row or None. The query is of the other table; its limit counts for each row of the list."""
        for one in self._info.relations:
            if one.name == relation:
                break
        else:
            raise _encode.invalid(self._info, None, f"there is no relation {relation}")
        other = BY_NUMBER[one.table]
        if query is not None and query.table is not other:
            raise _encode.invalid(self._info, None, f"the query is of {query.table._info.name}")
        call(self._table._call("list_related"), self._connection.address, rows._address, one.number,
             query.address if query else 0, scratch.out, of=self._info)
        related = out_int()
        try:
            (start, count, stride), = _addresses(other._call("list_rows"), other._call("related_list")(related))
            found, of, parts = other._reader.many(start, count, stride), function("hg_related_of"), []
            for i in range(len(rows)):
                of(related, i, scratch.out, scratch.out + 8)
                first, size, _ = outs()
                parts.append(found[first:first + size])
        finally:
            function("hg_related_free")(related)
        return parts if one.is_many else [part[0] if part else None for part in parts]

    # ---- Writing ----

    def _write(self, name: str, *arguments: int) -> Any:
        """Runs a call that may give the row back; in a batch it is collected, and gives nothing."""
        if self._connection.in_batch:
            call(self._table._call(name), self._connection.address, *arguments, 0, of=self._info)
            return None
        return self._take(self._run(name, *arguments))

    def insert(self, **columns: Any) -> Any:
        """Inserts a row and gives it as it is stored. Columns that are not given get their DEFAULT."""
        row = _encode.encode(self._info, [columns])
        return self._write("insert", row.address, row.set)

    def insert_many(self, rows: Iterable[Mapping[str, Any]]) -> Rows:
        """Inserts rows in one round trip, all or none. All set the same columns. Gives them as they are stored."""
        many = _encode.encode(self._info, list(rows))
        return Rows(self._table, self._run("insert_many", many.address, many.count, many.stride, many.set))

    def update(self, id: Any, /, **columns: Any) -> Any:
        """Changes these columns of one row, and gives it as it is then.

        id  an id; or a row as it was read: ConflictError if it was changed since.
        """
        key, version = id_of(id)
        row = _encode.encode(self._info, [columns], version=version)
        return self._write("update", key.address, row.address, row.set)

    def update_where(self, query: Union[Query, Filter], at_most: int, /, **columns: Any) -> int:
        """Changes these columns of every row that a query finds, and says how many. StateError: they would be more than
        at_most; none was changed."""
        query, row = self._query(query), _encode.encode(self._info, [columns])
        return self._run("update_where", query.address, row.address, row.set, at_most)

    def _key(self, key: str) -> int:
        if key not in self._info.keys:
            raise _encode.invalid(self._info, None, f"there is no unique key {key}")
        return self._info.keys[key]

    def upsert(self, key: str, /, **columns: Any) -> Any:
        """Inserts a row, or changes the one that has the same unique key."""
        row = _encode.encode(self._info, [columns])
        return self._write("upsert", row.address, row.set, self._key(key))

    def upsert_many(self, key: str, rows: Iterable[Mapping[str, Any]], /) -> Rows:
        many = _encode.encode(self._info, list(rows))
        return Rows(self._table, self._run("upsert_many", many.address, many.count, many.stride, many.set,
                                           self._key(key)))

    def delete(self, id: Any) -> None:
        """Deletes one row, by its id or as it was read."""
        key, _ = id_of(id)
        call(self._table._call("delete"), self._connection.address, key.address, of=self._info)

    def delete_where(self, query: Union[Query, Filter], at_most: int) -> int:
        """Deletes every row that a query finds, and says how many. StateError: they are more than at_most."""
        query = self._query(query)
        return self._run("delete_where", query.address, at_most)


# ---- All of them ---------------------------------------------------------------------------------------------------

__all__: List[str] = ["Door", "Rows", "Stream", "Table"]
_enums: Dict[Tuple[str, ...], Any] = {}
ALL: List[Table] = []
BY_NUMBER: Dict[int, Table] = {}


def _make() -> None:
    for info in describe.tables():
        name = camel(info.singular)
        reader = Reader(info, name, _enums, __name__)
        table = Table(info, reader)
        ALL.append(table)
        BY_NUMBER[info.number] = table
        made = {info.name: table, name: reader.row, **{one.__name__: one for one in reader.enums.values()}}
        globals().update(made)
        __all__.extend(made)


_make()


class Doors:
    """What a connection has for each table and view."""


def _door(table: Table) -> property:
    return property(lambda connection: Door(connection, table), doc=table.__doc__)


for _table in ALL:
    setattr(Doors, _table._info.name, _door(_table))
