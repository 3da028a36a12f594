"""From Python's objects to structs that the library reads: rows to write, parameters of operations, values of filters.

A struct is packed in one go. Texts and lists lie behind one another in a heap of their own, to which the structs point.
"""

import datetime
import decimal
import enum
import ipaddress
import json
import struct
import uuid
from functools import lru_cache
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from ._library import memory, new
from .describe import ColumnInfo, TableInfo
from .errors import InvalidError
from .values import EPOCH_DAY, FarDate, FarTime, Json, micros_of


class Heap:
    """Texts and lists. Offsets count from 1, so that 0 stays NULL; they become addresses when place() is called."""

    def __init__(self) -> None:
        self._data = bytearray(8)
        self._pointers: List[int] = []      # where in the heap offsets stand

    def add(self, data: bytes, align: int = 1) -> int:
        self._data += bytes(-len(self._data) % align)
        at = len(self._data)
        self._data += data
        return at

    def add_with_pointers(self, data: bytes, pointers: Iterable[int]) -> int:
        at = self.add(data, 8)
        self._pointers += [at + one for one in pointers]
        return at

    def place(self) -> Any:
        block = new(len(self._data))
        for at in self._pointers:
            offset, = struct.unpack_from("=Q", self._data, at)
            struct.pack_into("=Q", self._data, at, offset + block.address)
        memory[block.address:block.address + len(self._data)] = bytes(self._data)
        return block


# ---- A value of each kind: its parts, of which those that are offsets into the heap are pointers ---------------------

def _text(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int, int]:
    if not isinstance(value, str):
        raise TypeError("a str is wanted")
    data = value.encode()
    return heap.add(data), len(data)


def json_text(value: Any) -> str:
    return value if isinstance(value, Json) else json.dumps(value, ensure_ascii=False, allow_nan=False)


def _json(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int, int]:
    data = json_text(value).encode()
    return heap.add(data), len(data)


def _uuid(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[bytes]:
    return uuid_bytes(value),


def uuid_bytes(value: Any) -> bytes:
    if isinstance(value, uuid.UUID):
        return value.bytes
    if isinstance(value, str):
        return uuid.UUID(value).bytes
    raise TypeError("a uuid.UUID is wanted")


def id_bytes(value: Any) -> bytes:
    """The same of what a call names by its id."""
    try:
        return uuid_bytes(value)
    except (TypeError, ValueError) as why:
        raise InvalidError(f"id: {why}", column="id") from None


def _bool(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int]:
    if not isinstance(value, bool):
        raise TypeError("a bool is wanted")
    return int(value),


def _int(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int]:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("an int is wanted")
    bits = 63 if column.kind == "BIGINT" else 31
    if not -2**bits <= value < 2**bits:
        raise ValueError(f"{value} does not fit")
    return value,


def enum_number(value: Any, column: ColumnInfo) -> int:
    text = value.value if isinstance(value, enum.Enum) else value
    try:
        return column.values.index(text) + 1
    except ValueError:
        raise ValueError(f"it is one of {', '.join(column.values)}") from None


def _enum(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int]:
    return enum_number(value, column),


def decimal_parts(value: Any) -> Tuple[int, int, int]:
    """unscaled, scale and kind, exactly; floats are refused, since they are not exact."""
    if isinstance(value, bool) or not isinstance(value, (int, decimal.Decimal)):
        raise TypeError("a decimal.Decimal or an int is wanted")
    sign, digits, exponent = decimal.Decimal(value).as_tuple()
    if not isinstance(exponent, int):
        return 0, 0, 1 if exponent in ("n", "N") else 3 if sign else 2
    unscaled = int("".join(map(str, digits))) * (-1 if sign else 1)
    if exponent > 0:
        unscaled, exponent = unscaled * 10**min(exponent, 20), 0
    if -exponent > 18 or not -2**63 <= unscaled < 2**63:
        raise ValueError("it has more digits than a decimal of the library holds: 18 behind the point")
    return unscaled, -exponent, 0


def _decimal(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int, int, int]:
    return decimal_parts(value)


def time_number(value: Any) -> int:
    if isinstance(value, FarTime):
        return value.number
    if not isinstance(value, datetime.datetime):
        raise TypeError("a datetime.datetime with a time zone is wanted")
    return micros_of(value)


def _time(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int]:
    return time_number(value),


def date_number(value: Any) -> int:
    if isinstance(value, FarDate):
        return value.number
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise TypeError("a datetime.date is wanted")
    return value.toordinal() - EPOCH_DAY


def _date(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int]:
    return date_number(value),


def inet_parts(value: Any) -> Tuple[bytes, int, int]:
    """Bytes, family and prefix of an address, an interface, a network, or the text of one of them."""
    if isinstance(value, str):
        value = ipaddress.ip_interface(value)
    if isinstance(value, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        packed, prefix = value.network_address.packed, value.prefixlen
    elif isinstance(value, (ipaddress.IPv4Address, ipaddress.IPv6Address)):     # an interface is an address, too
        packed, prefix = value.packed, value.max_prefixlen
        if isinstance(value, (ipaddress.IPv4Interface, ipaddress.IPv6Interface)):
            prefix = value.network.prefixlen
    else:
        raise TypeError("an address of ipaddress is wanted")
    return packed.ljust(16, b"\0"), value.version, prefix


def _inet(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[bytes, int, int]:
    return inet_parts(value)


def null_bits(values: Sequence[Any]) -> bytes:
    bits = bytearray((len(values) + 7) // 8)
    for i, value in enumerate(values):
        if value is None:
            bits[i // 8] |= 1 << i % 8
    return bytes(bits)


def _items(value: Any) -> List[Any]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TypeError("a list is wanted")
    return list(value)


def _text_list(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int, int, int]:
    texts = _items(value)
    if not texts:
        return 0, 0, 0
    cells: List[int] = []
    for text in texts:
        cells += (0, 0) if text is None else _text(text, heap, column)
    pointers = [8 * i for i in range(0, len(cells), 2) if cells[i]]
    items = heap.add_with_pointers(struct.pack(f"={len(cells)}Q", *cells), pointers)
    return items, heap.add(null_bits(texts)) if None in texts else 0, len(texts)


def _uuid_list(value: Any, heap: Heap, column: ColumnInfo) -> Tuple[int, int]:
    data = b"".join(map(uuid_bytes, _items(value)))
    return heap.add(data, 8) if data else 0, len(data) // 16


#: Of each kind: the code of its field, which of its parts are pointers, what it is when NULL, and how it is made.
_KINDS: Dict[str, Tuple[str, Tuple[int, ...], Tuple[Any, ...], Callable[[Any, Heap, ColumnInfo], Tuple[Any, ...]]]] = {
    "UUID": ("16s", (), (b"",), _uuid),
    "TEXT": ("QQ", (0,), (0, 0), _text),
    "JSON": ("QQ", (0,), (0, 0), _json),
    "INT": ("i", (), (0,), _int),
    "BIGINT": ("q", (), (0,), _int),
    "BOOL": ("i", (), (0,), _bool),
    "ENUM": ("i", (), (0,), _enum),
    "DECIMAL": ("qii", (), (0, 0, 0), _decimal),
    "TIMESTAMP": ("q", (), (0,), _time),
    "DATE": ("i", (), (0,), _date),
    "TEXT_LIST": ("QQQ", (0, 1), (0, 0, 0), _text_list),
    "INET": ("16sBB6x", (), (b"", 0, 0), _inet),
    "UUID_LIST": ("QQ", (0,), (0, 0), _uuid_list),
}

_HEAD = "=I4xQQ8x"      # struct_size; row_version, or set of parameters; null_mask
_HEAD_SIZE, _HEAD_PARTS = 32, 3


def invalid(table: TableInfo, column: Optional[str], why: object) -> InvalidError:
    name = table.name if column is None else f"{table.name}.{column}"
    return InvalidError(f"{name}: {why}", table=table.name, column=column)


@lru_cache(maxsize=1024)
def _plan(table: TableInfo, fields: Tuple[str, ...]) -> Tuple[struct.Struct, List[ColumnInfo], int, List[int]]:
    """Of rows that set these fields: their struct, the columns in its order, the mask, and which parts are pointers."""
    known = table.by_field()
    for field in fields:
        if field not in known:
            raise invalid(table, None, f"there is no {field}")
    columns = sorted((known[field] for field in fields), key=lambda column: column.offset)
    code, at, parts, pointers, mask = _HEAD, _HEAD_SIZE, _HEAD_PARTS, [], 0
    for column in columns:
        one, where, empty, _ = _KINDS[column.kind]
        code += f"{column.offset - at}x{one}"
        at = column.offset + struct.calcsize("=" + one)
        pointers += [parts + part for part in where]
        parts += len(empty)
        mask |= 1 << column.ordinal
    return struct.Struct(f"{code}{table.row_size - at}x"), columns, mask, pointers


class Encoded:
    """Structs for the library to read, for as long as this lives."""

    __slots__ = ("address", "count", "stride", "set", "_keep")

    def __init__(self, address: int, count: int, stride: int, set_mask: int, keep: Any) -> None:
        self.address, self.count, self.stride, self.set, self._keep = address, count, stride, set_mask, keep


def encode(table: TableInfo, rows: Sequence[Mapping[str, Any]], *, version: int = 0,
           is_params: bool = False) -> Encoded:
    """Rows, all of which set the same columns, or the one struct of parameters of an operation."""
    fields = tuple(rows[0]) if rows else ()
    plan, columns, mask, pointers = _plan(table, fields)
    heap = Heap()
    packed: List[List[Any]] = []
    for number, row in enumerate(rows):
        if len(row) != len(fields) or any(field not in row for field in fields):
            odd = sorted(set(row) ^ set(fields))[0]
            raise invalid(table, odd, f"row {number} does not set the columns that the first row sets")
        parts: List[Any] = [table.row_size, mask if is_params else version, 0]
        nulls = 0
        for column in columns:
            value = row[column.field]
            _, _, empty, make = _KINDS[column.kind]
            if value is None:
                nulls |= 1 << column.ordinal
                parts += empty
                continue
            try:
                parts += make(value, heap, column)
            except (TypeError, ValueError) as why:
                raise invalid(table, column.field, why) from None
        parts[2] = nulls
        packed.append(parts)
    texts = heap.place()
    base = texts.address
    block = new(max(plan.size * len(packed), 1))
    for i, parts in enumerate(packed):
        for at in pointers:
            if parts[at]:
                parts[at] += base
        plan.pack_into(memory, block.address + i * plan.size, *parts)
    return Encoded(block.address, len(packed), plan.size, mask, (block, texts))


class Buffer:
    """Values for one call, which reads them while it runs."""

    __slots__ = ("address", "count", "_block")

    def __init__(self, data: bytes, count: int = 0) -> None:
        self._block = new(max(len(data), 1))
        self.address, self.count = self._block.address, count
        memory[self.address:self.address + len(data)] = data


def c_text(text: str) -> Buffer:
    """With a NUL byte at its end, as C has names and paths."""
    return Buffer(text.encode() + b"\0")


class Texts:
    """A list of texts as the calls of filters take it: one behind the other, with the offset behind each."""

    def __init__(self, values: Sequence[Optional[str]]) -> None:
        parts, ends, end = [], [], 0
        for value in values:
            if value is not None and not isinstance(value, str):
                raise TypeError("a list of str is wanted")
            parts.append((value or "").encode())
            end += len(parts[-1])
            ends.append(end)
        self.text, self.ends = Buffer(b"".join(parts)), Buffer(struct.pack(f"={len(ends)}Q", *ends))
        self.nulls = Buffer(null_bits(values)) if None in values else None
        self.count = len(values)

    @property
    def null_address(self) -> int:
        return int(self.nulls.address) if self.nulls else 0
