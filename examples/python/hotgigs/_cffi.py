"""The library through cffi in ABI mode: what there is, the installed FFI text says.

The text is the headers without their preprocessor lines, a section a header. Parsing all of it takes more than a
second, so a section is parsed when the first function of it is asked for, behind those that all others need.
"""

import re
import threading
from typing import Any, Callable, Dict, Tuple

import cffi

_SECTION = re.compile(r"^/\* ==== (\S+) ==== \*/$", re.M)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_PER_TABLE = re.compile(r"/(tables|views|operations)/")
_FUNCTION = re.compile(r"\b(hg_\w+)\(")
_TYPE = re.compile(r"^(?:typedef struct \w+|\}) +(hg_\w+);", re.M)
_WORD = re.compile(r"\bhg_\w+\b")
_CONSTANT = re.compile(r"\bHG_\w+\b")
_CODES = {"uint8_t": "B", "int32_t": "i", "uint32_t": "I", "int64_t": "q", "uint64_t": "Q", "size_t": "Q"}


class Block:
    """Zeroed memory of ours: size bytes at address, for as long as the object lives."""

    __slots__ = ("address", "_data")

    def __init__(self, ffi: Any, size: int) -> None:
        self._data = ffi.new("char[]", size)
        self.address = int(ffi.cast("uintptr_t", self._data))


class Backend:
    name = "cffi"

    def __init__(self, library: str, text: str) -> None:
        self._ffi: Any = cffi.FFI()
        self._lock = threading.Lock()
        self._lib = self._ffi.dlopen(library)
        parts = _SECTION.split(text)
        self._sections = dict(zip(parts[1::2], (_COMMENT.sub("", part) for part in parts[2::2])))
        self._section_of = {name: path for path, part in self._sections.items() if _PER_TABLE.search(path)
                            for name in _FUNCTION.findall(part)}
        type_in = {name: path for path, part in self._sections.items() if _PER_TABLE.search(path)
                   for name in _TYPE.findall(part)}
        self._constants = set()
        for path in [path for path in self._sections if not _PER_TABLE.search(path)]:
            self._constants.update(_CONSTANT.findall(self._sections[path]))
            for name in _WORD.findall(self._sections[path]):    # the ledger is about rows of an operation
                if type_in.get(name) in self._sections:
                    self._ffi.cdef(self._sections.pop(type_in[name]))
            self._ffi.cdef(self._sections.pop(path))
        #: All of the process's memory, to be sliced and unpacked at the addresses that the library gives.
        self.memory = self._ffi.buffer(self._ffi.cast("char *", 0), 2**63 - 1)

    def new(self, size: int) -> Block:
        return Block(self._ffi, size)

    def function(self, name: str) -> Callable[..., int]:
        """The function, with addresses as integers. The GIL is released while it runs."""
        path = self._section_of.get(name)
        with self._lock:
            if path in self._sections:
                self._ffi.cdef(self._sections.pop(path))
        function = getattr(self._lib, name)
        kind = self._ffi.typeof(function)
        arguments = ", ".join(self._plain(argument) for argument in kind.args) or "void"
        return self._ffi.cast(f"{self._plain(kind.result)}(*)({arguments})", function)  # type: ignore[no-any-return]

    @staticmethod
    def _plain(kind: Any) -> str:
        return "uintptr_t" if kind.kind == "pointer" else str(kind.cname)

    def constants(self) -> Dict[str, int]:
        """The constants of all headers but the tables' and operations'."""
        return {name: getattr(self._lib, name) for name in dir(self._lib) if name in self._constants}

    def struct(self, name: str) -> Tuple[int, Dict[str, Tuple[int, str]]]:
        """The size of a struct, and for each field its offset and its code for the struct module."""
        kind = self._ffi.typeof(name)
        return self._ffi.sizeof(kind), {field: (of.offset, self._code(of.type)) for field, of in kind.fields}

    def _code(self, kind: Any) -> str:
        if kind.kind == "pointer":
            return "Q"
        if kind.kind == "primitive":
            return _CODES[kind.cname]
        return f"{self._ffi.sizeof(kind)}s"
