"""The library through ctypes, for machines without cffi: what there is, the library says itself.

The three structs by which it describes its constants, structs and calls (hotgigs/describe.h) are the only ones that are
known here; all others, tables and operations too, come from there.
"""

import ctypes
import re
import struct
from typing import Any, Callable, Dict, Iterator, List, Tuple

_CONSTANT, _STRUCT, _FIELD, _CALL = (struct.Struct(code) for code in ("=QqII", "=QQiIII", "=QQII", "=QQII"))

_TYPES: Dict[str, Any] = {
    "uint8_t": ctypes.c_uint8, "int32_t": ctypes.c_int32, "uint32_t": ctypes.c_uint32, "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64, "size_t": ctypes.c_size_t, "hg_status": ctypes.c_int32, "hg_date": ctypes.c_int32,
    "hg_timestamp": ctypes.c_int64, "void": None}
_CODES = {ctypes.c_uint8: "B", ctypes.c_int32: "i", ctypes.c_uint32: "I", ctypes.c_int64: "q", ctypes.c_uint64: "Q",
          ctypes.c_size_t: "Q"}


class Block:
    """Zeroed memory of ours: size bytes at address, for as long as the object lives."""

    __slots__ = ("address", "_data")

    def __init__(self, size: int) -> None:
        self._data = ctypes.create_string_buffer(size)
        self.address = ctypes.addressof(self._data)


class Backend:
    name = "ctypes"

    def __init__(self, library: str) -> None:
        self._lib = ctypes.CDLL(library)
        #: All of the process's memory, to be sliced and unpacked at the addresses that the library gives.
        self.memory = (ctypes.c_char * (2**63 - 1)).from_address(0)
        self._types = {self._text(name): self._text(kind) for name, kind, _, _ in self._walk("call", _CALL)}
        self._structs = {self._text(name): (size, fields, count)
                         for name, fields, count, size, _, _ in self._walk("struct", _STRUCT)}

    def _walk(self, what: str, shape: struct.Struct) -> Iterator[Tuple[int, ...]]:
        count, describe = getattr(self._lib, f"hg_{what}_count"), getattr(self._lib, f"hg_{what}_describe")
        count.argtypes, count.restype = [], ctypes.c_int32
        describe.argtypes, describe.restype = [ctypes.c_int32], ctypes.c_size_t
        for i in range(count()):
            yield shape.unpack_from(self.memory, describe(i))

    @staticmethod
    def _text(address: int) -> str:
        return ctypes.string_at(address).decode()

    @staticmethod
    def new(size: int) -> Block:
        return Block(size)

    def function(self, name: str) -> Callable[..., int]:
        """The function, with addresses as integers. The GIL is released while it runs."""
        if name not in self._types:
            raise AttributeError(f"the library has no {name}")
        result, parameters = re.fullmatch(r"(.*) \((.*)\)", self._types[name]).groups()  # type: ignore[union-attr]
        function = self._lib[name]      # a new object each time, so that nobody else's types are in it
        function.restype = self._plain(result)
        function.argtypes = [] if parameters == "void" else [self._plain(one) for one in parameters.split(", ")]
        return function

    @staticmethod
    def _plain(kind: str) -> Any:
        return ctypes.c_size_t if kind.endswith("*") else _TYPES[kind]

    def constants(self) -> Dict[str, int]:
        """The constants of all headers but the tables' and operations'."""
        return {self._text(name): value for name, value, _, _ in self._walk("constant", _CONSTANT)}

    def struct(self, name: str) -> Tuple[int, Dict[str, Tuple[int, str]]]:
        """The size of a struct, and for each field its offset and its code for the struct module."""
        size, fields, count = self._structs[name]
        found: List[Tuple[int, ...]] = [_FIELD.unpack_from(self.memory, fields + i * _FIELD.size) for i in range(count)]
        return size, {self._text(field): (offset, self._code(self._text(kind), length))
                      for field, kind, offset, length in found}

    @staticmethod
    def _code(kind: str, length: int) -> str:
        if kind.endswith("*"):
            return "Q"
        return _CODES[_TYPES[kind]] if kind in _TYPES else f"{length}s"
