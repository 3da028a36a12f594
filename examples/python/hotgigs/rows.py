"""The classes of rows and of enumerated values, made from the library's description."""

import enum
from typing import Any, Dict, List, Optional, Tuple, Type

from . import _decode
from ._library import function, memory, outs, scratch
from ._names import enum_name, member_name
from .describe import TableInfo
from .values import NOT_LOADED


class _Str(str, enum.Enum):
    """Values that are texts: what enum.StrEnum is from Python 3.11 on."""

    __str__ = str.__str__
    __format__ = str.__format__  # type: ignore[assignment]


class Row:
    """A row as it was read; it does not change. Equal to another with the same values.

    A column is an attribute: None is SQL NULL, NOT_LOADED what was not read. A JSON column is parsed each time that
    it is asked for, so that nobody shares it. row_version is what update() compares: 0 if the row has none.
    """

    __slots__ = ()
    _info: TableInfo
    _slots: Tuple[str, ...]

    row_version: int

    def __init__(self) -> None:
        raise TypeError(f"a {type(self).__name__} is read, not made")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a {type(self).__name__} does not change; write with update()")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} does not change")

    def __repr__(self) -> str:
        cells = ((column.field, getattr(self, column.field)) for column in self._info.columns)
        return f"{type(self).__name__}({', '.join(f'{f}={v!r}' for f, v in cells if v is not NOT_LOADED)})"

    def _cells(self) -> Tuple[Any, ...]:
        return tuple(getattr(self, slot) for slot in self._slots)

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, Row) or type(self) is not type(other):
            return NotImplemented
        return self._cells() == other._cells()

    __hash__ = None  # type: ignore[assignment]  # lists in it

    def __getstate__(self) -> Any:
        return self._cells()

    def __setstate__(self, cells: Any) -> None:
        for slot, value in zip(self._slots, cells):
            object.__setattr__(self, slot, value)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return object.__new__, (type(self),), self._cells()


def is_loaded(row: Row, field: str) -> bool:
    """Whether a column was read: asked for, and this role's to read."""
    return getattr(row, field) is not NOT_LOADED


def as_dict(row: Row) -> Dict[str, Any]:
    """The columns of a row that were read."""
    cells = ((column.field, getattr(row, column.field)) for column in row._info.columns)
    return {field: value for field, value in cells if value is not NOT_LOADED}


def json_text(row: Row, field: str) -> Any:
    """The text of a JSON column, in which numbers are exact; None: SQL NULL; NOT_LOADED."""
    return getattr(row, _decode.json_slot(field))


def _json_property(field: str, comment: str) -> property:
    slot = _decode.json_slot(field)

    def get(row: Any) -> Any:
        text = getattr(row, slot)
        return _decode.json_of(text) if text.__class__ is str else text

    return property(get, doc=comment)


class Reader:
    """What makes the objects of one table, or of the rows of one operation, of its memory."""

    def __init__(self, info: TableInfo, name: str, of_enums: Dict[Tuple[str, ...], Any], module: str) -> None:
        self.info = info
        self.enums: Dict[str, Any] = {}
        for column in info.columns:
            if column.values:
                self.enums[column.field] = self._enum(info, column.field, column.values, of_enums, module)
        slots = ("row_version", *(_decode.slot_of(column) for column in info.columns))
        # Filled as this class, whose slots are stored to without a detour, and then made the other, which does not
        # change.
        self._cells = type(f"_{name}", (Row,), {
            "__slots__": slots, "__module__": module, "__setattr__": object.__setattr__,
            "__delattr__": object.__delattr__})
        face: Dict[str, Any] = {
            "__slots__": (), "__module__": module, "__doc__": info.comment, "_info": info, "_slots": slots,
            "__setattr__": Row.__setattr__, "__delattr__": Row.__delattr__}
        face.update({column.field: _json_property(column.field, column.comment)
                     for column in info.columns if column.kind == "JSON"})
        self.row: Type[Row] = type(name, (self._cells,), face)
        self._members = {column.ordinal: [None, *self.enums[column.field]] for column in info.columns if column.values}
        self._decoders: Dict[Tuple[int, int], _decode.Decoder] = {}

    @staticmethod
    def _enum(info: TableInfo, field: str, values: Tuple[str, ...], known: Dict[Tuple[str, ...], Any],
              module: str) -> Any:
        """An enumeration; a view's column, or an operation's, that has a table's values has the table's enumeration."""
        key = (field, *values)
        if key not in known:
            make: Any = _Str        # an enumeration without members, called, makes one with members
            made = make(enum_name(info.singular, field), [(member_name(v), v) for v in values], module=module)
            made.__doc__ = f"Values of {info.name}.{field}."
            known[key] = made
        return known[key]

    def _decoder(self, loaded: int, stride: int) -> _decode.Decoder:
        key = (loaded, stride)
        decoder = self._decoders.get(key)
        if decoder is None:
            decoder = self._decoders[key] = _decode.make_decoder(self.info, self.row, self._cells, self._members, *key)
        return decoder

    def one(self, address: int) -> Any:
        """The row at an address."""
        size = self.info.row_size
        return self._decoder(_decode.loaded_mask_at(address), size)(memory[address:address + size])[0]

    def many(self, address: int, count: int, stride: int, loaded: int = 0) -> List[Any]:
        """The rows from an address on. loaded: the columns to read; 0: what the rows say, all of which say the same."""
        if count == 0:
            return []
        decode = self._decoder(loaded or _decode.loaded_mask_at(address), stride)
        return decode(memory[address:address + count * stride])

    # ---- Of an operation, whose row or list is freed ----

    def take_one(self, address: int) -> Optional[Any]:
        """The row that an operation gave; None of NULL."""
        try:
            return self.one(address) if address else None
        finally:
            function("hg_operation_row_free")(address)

    def take_many(self, address: int) -> List[Any]:
        """The rows of the list that an operation gave."""
        try:
            start = function("hg_operation_list_rows")(address, scratch.out, scratch.out + 8)
            count, stride, _ = outs()
            return self.many(start, count, stride)
        finally:
            function("hg_operation_list_free")(address)
