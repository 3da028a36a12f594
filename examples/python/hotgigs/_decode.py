"""From the library's memory to Python's objects.

A list of rows is one block of equal structs. It is copied once, and taken apart by a function made for the table, its
columns that were read, and the distance of rows: straight code, no call per cell but those that make the values.
"""

import datetime
import decimal
import ipaddress
import json
import struct
import uuid
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from ._library import memory
from .describe import ColumnInfo, TableInfo
from .values import (DATE_MAX, DATE_MIN, EPOCH, EPOCH_DAY, NOT_LOADED, TIME_MAX, TIME_MIN, FarDate, FarTime)

# ---- Values --------------------------------------------------------------------------------------------------------

# uuid.UUID(bytes=...) checks and converts for a microsecond; the two slots are all that it sets.
_new_uuid, _safety = object.__new__, uuid.SafeUUID.unknown
_set_int, _set_safety = uuid.UUID.int.__set__, uuid.UUID.is_safe.__set__  # type: ignore[attr-defined]
_from_bytes = int.from_bytes


def uuid_of(data: bytes) -> uuid.UUID:
    value = _new_uuid(uuid.UUID)
    _set_int(value, _from_bytes(data, "big"))
    _set_safety(value, _safety)
    return value


_exact = decimal.Context(prec=40)
_special = {1: decimal.Decimal("NaN"), 2: decimal.Decimal("Infinity"), 3: decimal.Decimal("-Infinity")}


def decimal_of(unscaled: int, scale: int, kind: int) -> decimal.Decimal:
    if kind:
        return _special[kind]
    return decimal.Decimal(unscaled).scaleb(-scale, _exact)


def time_of(micros: int) -> Any:
    if TIME_MIN <= micros <= TIME_MAX:
        return EPOCH + datetime.timedelta(0, 0, micros)
    return FarTime(micros)


def date_of(days: int) -> Any:
    return datetime.date.fromordinal(days + EPOCH_DAY) if DATE_MIN <= days <= DATE_MAX else FarDate(days)


def inet_of(data: bytes, family: int, prefix: int) -> Any:
    """An address, or with a network's length an interface, which keeps the bits behind it."""
    if family == 4:
        return ipaddress.IPv4Address(data[:4]) if prefix == 32 else ipaddress.IPv4Interface((data[:4], prefix))
    return ipaddress.IPv6Address(data) if prefix == 128 else ipaddress.IPv6Interface((data, prefix))


def text_list_of(items: int, nulls: int, count: int) -> List[Optional[str]]:
    cells = struct.unpack_from(f"={2 * count}Q", memory, items) if count else ()
    texts: List[Optional[str]] = [memory[at:at + size].decode() for at, size in zip(cells[::2], cells[1::2])]
    if nulls:
        bits = memory[nulls:nulls + (count + 7) // 8]
        texts = [None if bits[i // 8] >> i % 8 & 1 else text for i, text in enumerate(texts)]
    return texts


def uuid_list_of(items: int, count: int) -> List[uuid.UUID]:
    data = memory[items:items + 16 * count]
    return [uuid_of(data[i:i + 16]) for i in range(0, 16 * count, 16)]


def unknown_of(texts: int, earlier: Sequence[int]) -> str:
    """The text of an enumerated value that this library does not know: such texts stand in the order of the columns."""
    at, size = struct.unpack_from("=QQ", memory, texts + 16 * sum(1 for value in earlier if value < 0))
    return str(memory[at:at + size].decode())


# PostgreSQL prints JSON without space around it, so the scanner can begin at once.
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def json_of(text: str) -> Any:
    return _scan(text, 0)[0]


# ---- Rows ----------------------------------------------------------------------------------------------------------

#: Of each kind: the code of its field, and the expression for its value. {c} is the name of the first of its parts.
_FIELDS: Dict[str, Tuple[str, str, str]] = {
    # kind:      code,     parts, value
    "UUID":      ("16s",   "",    "uuid_of({c})"),
    "TEXT":      ("QQ",    "ab",  "memory[{c}a:{c}a + {c}b].decode()"),
    "JSON":      ("QQ",    "ab",  "memory[{c}a:{c}a + {c}b].decode()"),
    "INT":       ("i",     "",    "{c}"),
    "BIGINT":    ("q",     "",    "{c}"),
    "BOOL":      ("i",     "",    "{c} != 0"),
    "ENUM":      ("i",     "",    "members{c}[{c}] if {c} > 0 else unknown_of(unknown, {earlier})"),
    "DECIMAL":   ("qii",   "abd", "decimal_of({c}a, {c}b, {c}d)"),
    "TIMESTAMP": ("q",     "",    "EPOCH + timedelta(0, 0, {c}) if TIME_MIN <= {c} <= TIME_MAX else FarTime({c})"),
    "DATE":      ("i",     "",    "date_of({c})"),
    "TEXT_LIST": ("QQQ",   "abd", "text_list_of({c}a, {c}b, {c}d)"),
    "INET":      ("16sBB6x", "abd", "inet_of({c}a, {c}b, {c}d)"),
    "UUID_LIST": ("QQ",    "ab",  "uuid_list_of({c}a, {c}b)"),
}

#: What the expressions use.
_SCOPE: Dict[str, Any] = {
    "memory": memory, "NOT_LOADED": NOT_LOADED, "EPOCH": EPOCH, "timedelta": datetime.timedelta, "TIME_MIN": TIME_MIN,
    "TIME_MAX": TIME_MAX, "FarTime": FarTime, "uuid_of": uuid_of, "decimal_of": decimal_of, "date_of": date_of,
    "text_list_of": text_list_of, "inet_of": inet_of, "uuid_list_of": uuid_list_of, "unknown_of": unknown_of}

_HEAD = struct.Struct("=IIQQQ")     # struct_size, reserved0, row_version, null_mask, loaded_mask
AT_LOADED = 24

Decoder = Callable[[bytes], List[Any]]


def json_slot(field: str) -> str:
    """Where a row keeps the text of a JSON column."""
    return f"_json_{field}"


def slot_of(column: ColumnInfo) -> str:
    return json_slot(column.field) if column.kind == "JSON" else column.field


def _layout(table: TableInfo, loaded: int, stride: int) -> Tuple[str, List[str]]:
    """The code of a row for the struct module, and the names of what it unpacks: version, nulls, and columns' parts."""
    fields = [(column.offset, *_FIELDS[column.kind][:2], f"c{column.ordinal}")
              for column in table.columns if loaded >> column.ordinal & 1]
    if table.unknown_offset:
        fields.append((table.unknown_offset, "Q", "", "unknown"))
    code, at, names = "=8xQQ8x", _HEAD.size, ["version", "nulls"]
    for offset, one, parts, name in sorted(fields):
        code += f"{offset - at}x{one}"
        at = offset + struct.calcsize("=" + one)
        names += [name + part for part in parts] or [name]
    return f"{code}{stride - at}x", names


def _value(column: ColumnInfo, table: TableInfo, loaded: int) -> str:
    name = f"c{column.ordinal}"
    if column.kind != "ENUM":
        return _FIELDS[column.kind][2].format(c=name)
    earlier = [f"c{other.ordinal}" for other in table.columns[:column.ordinal]
               if other.kind == "ENUM" and loaded >> other.ordinal & 1]
    return _FIELDS["ENUM"][2].format(c=name, earlier=f"({''.join(one + ', ' for one in earlier)})")


def make_decoder(table: TableInfo, cls: type, cells: type, members: Dict[int, List[Any]], loaded: int,
                 stride: int) -> Decoder:
    """A function from the bytes of rows to their objects.

    cls      of the rows: cells with an unchangeable face
    cells    the class with their slots
    members  of enumerated columns: what stands for each number
    loaded   the columns that were read
    """
    code, names = _layout(table, loaded, stride)
    lines = ["def decode(data):", "    rows = []", "    append = rows.append",
             f"    for {', '.join(names)} in unpack(data):", "        row = new(cells)",
             "        row.row_version = version"]
    for column in table.columns:
        value = "NOT_LOADED"
        if loaded >> column.ordinal & 1:
            value = f"None if nulls & {1 << column.ordinal} else {_value(column, table, loaded)}"
        lines.append(f"        row.{slot_of(column)} = {value}")
    lines += ["        row.__class__ = cls", "        append(row)", "    return rows"]
    scope: Dict[str, Any] = {
        "unpack": struct.Struct(code).iter_unpack, "new": object.__new__, "cells": cells, "cls": cls, **_SCOPE,
        **{f"membersc{ordinal}": known for ordinal, known in members.items()}}
    exec("\n".join(lines), scope)
    decode: Decoder = scope["decode"]
    return decode


def loaded_mask_at(address: int) -> int:
    mask: int = struct.unpack_from("=Q", memory, address + AT_LOADED)[0]
    return mask
