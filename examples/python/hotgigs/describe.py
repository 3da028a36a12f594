"""The tables, views and operations of the library, as it describes them itself."""

from dataclasses import dataclass
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from ._library import Struct, constants, function, group, memory, text_at

import struct as _struct

KINDS = {value: name for name, value in group("HG_KIND_").items()}
ROLES = {value: name.lower() for name, value in group("HG_ROLE_").items()}
ROWS = {value: name for name, value in group("HG_ROWS_").items()}


class ColumnInfo(NamedTuple):
    """A column of a table, or of the parameters or rows of an operation."""

    ordinal: int
    name: str                   #: in the database
    field: str                  #: in Python and C: the name, but for a keyword's trailing _
    kind: str                   #: UUID, TEXT, ...: HG_KIND_*
    sql_type: str
    default_sql: Optional[str]
    comment: str
    values: Tuple[str, ...]     #: of an enumerated column
    offset: int                 #: of the field in the row, bytes
    nullable: bool
    length: int
    scale: int
    readers: int                #: bits of roles
    inserters: int
    updaters: int


class RelationInfo(NamedTuple):
    name: str
    number: int
    table: int
    column: int
    other_column: int
    is_many: bool


@dataclass(frozen=True, eq=False)
class TableInfo:
    """A table or view; or the parameters, or the rows, of an operation."""

    number: int                 #: HG_TABLE_* or HG_VIEW_*; -1: an operation's
    name: str
    singular: str
    comment: str
    columns: Tuple[ColumnInfo, ...]
    keys: Dict[str, int]        #: the unique keys that an upsert can go by
    relations: Tuple[RelationInfo, ...]
    row_size: int
    unknown_offset: int
    version_column: int
    schema: str
    is_view: bool
    deleters: int               #: bits of roles

    def by_field(self) -> Dict[str, ColumnInfo]:
        return {column.field: column for column in self.columns}


@dataclass(frozen=True, eq=False)
class OperationInfo:
    address: int                #: of the hg_operation_info, for the calls that run it
    name: str
    group: str
    comment: str
    not_found: Optional[str]
    rows: str                   #: NONE, ONE, MAYBE, MANY, COUNT: HG_ROWS_*
    roles: int                  #: bits of roles
    writes: bool
    row_table: int              #: HG_TABLE_* whose rows come back; -1: rows of its own, or none
    row_columns: int            #: mask of those of its columns that do
    params: TableInfo
    row: Optional[TableInfo]


_table, _column, _key = Struct("hg_table_info"), Struct("hg_column_info"), Struct("hg_key_info")
_relation, _operation = Struct("hg_relation_info"), Struct("hg_operation_info")


def _values(address: int, count: int) -> Tuple[str, ...]:
    if address == 0:
        return ()
    return tuple(text_at(one) or "" for one in _struct.unpack_from(f"={count}Q", memory, address))


def _read_column(ordinal: int, at: int) -> ColumnInfo:
    read = _column.read
    return ColumnInfo(
        ordinal, text_at(read(at, "name")) or "", text_at(read(at, "field")) or "", KINDS[read(at, "kind")],
        text_at(read(at, "sql_type")) or "", text_at(read(at, "default_sql")), text_at(read(at, "comment")) or "",
        _values(read(at, "values"), read(at, "value_count")), read(at, "offset"), bool(read(at, "nullable")),
        read(at, "length"), read(at, "scale"), read(at, "readers"), read(at, "inserters"), read(at, "updaters"))


def read_table(at: int) -> TableInfo:
    """What an hg_table_info says."""
    read = _table.read

    def walk(items: str, count: str, stride: str) -> List[int]:
        return [read(at, items) + i * read(at, stride) for i in range(read(at, count))]

    columns = walk("columns", "column_count", "column_stride")
    keys = walk("keys", "key_count", "key_stride")
    relations = walk("relations", "relation_count", "relation_stride")
    return TableInfo(
        read(at, "table"), text_at(read(at, "name")) or "", text_at(read(at, "singular")) or "",
        text_at(read(at, "comment")) or "",
        tuple(_read_column(i, column) for i, column in enumerate(columns)),
        {text_at(_key.read(key, "name")) or "": i for i, key in enumerate(keys)},
        tuple(RelationInfo(text_at(_relation.read(one, "name")) or "", i, _relation.read(one, "table"),
                           _relation.read(one, "column"), _relation.read(one, "other_column"),
                           bool(_relation.read(one, "is_many"))) for i, one in enumerate(relations)),
        read(at, "row_size"), read(at, "unknown_offset"), read(at, "version_column"),
        text_at(read(at, "schema")) or "", bool(read(at, "is_view")), read(at, "deleters"))


def _read_operation(at: int) -> OperationInfo:
    read = _operation.read
    row = read(at, "row")
    return OperationInfo(
        at, text_at(read(at, "name")) or "", text_at(read(at, "group")) or "", text_at(read(at, "comment")) or "",
        text_at(read(at, "not_found")), ROWS[read(at, "rows")], read(at, "roles"), bool(read(at, "writes")),
        read(at, "row_table"), read(at, "row_columns"), read_table(read(at, "params")), read_table(row) if row else None)


def tables() -> Iterator[TableInfo]:
    """All tables, parents first, and behind them the views."""
    describe = function("hg_table_describe")
    for i in range(function("hg_table_count")()):
        yield read_table(describe(i))
    for i in range(function("hg_view_count")()):
        yield read_table(describe(constants["HG_VIEW_FIRST"] + i))


def operations() -> Iterator[OperationInfo]:
    describe = function("hg_operation_describe")
    for i in range(function("hg_operation_count")()):
        yield _read_operation(describe(i))
