"""The loaded library: its functions, its memory, its errors. The one place that chooses between cffi and ctypes.

The two differ in how a function is found and called, and in how memory is reached (_cffi.py, _ctypes.py); all else of
the package is written once, over addresses as integers. HOTGIGS_BACKEND=cffi or ctypes forces one.
"""

import importlib.util
import os
import struct
import sys
import threading
from functools import lru_cache
from typing import Any, Callable, Dict, Optional, Tuple

from . import _find
from .errors import BY_STATUS, Error, InternalError

if sys.maxsize != 2**63 - 1:
    raise ImportError("hotgigs needs a 64-bit Python")


def _load() -> Any:
    place = _find.find()
    wanted = os.environ.get("HOTGIGS_BACKEND", "")
    if wanted not in ("", "cffi", "ctypes"):
        raise ImportError(f"HOTGIGS_BACKEND is {wanted}, neither cffi nor ctypes")
    if wanted == "cffi" or (not wanted and place.text and importlib.util.find_spec("cffi")):
        from . import _cffi
        if place.text is None:
            raise ImportError(f"the FFI text {_find.TEXT} is not installed beside the library")
        with open(place.text, encoding="utf-8") as file:
            return _cffi.Backend(place.library, file.read())
    from . import _ctypes
    return _ctypes.Backend(place.library)


backend = _load()
memory = backend.memory
new = backend.new
function: Callable[[str], Callable[..., int]] = lru_cache(maxsize=None)(backend.function)
constants: Dict[str, int] = backend.constants()


class Struct:
    """A struct of the library by its description: written and read field by field."""

    def __init__(self, name: str) -> None:
        self.size, self.fields = backend.struct(name)

    def write(self, address: int, **values: Any) -> None:
        if "struct_size" in self.fields:
            values["struct_size"] = self.size
        for name, value in values.items():
            offset, code = self.fields[name]
            struct.pack_into("=" + code, memory, address + offset, value)

    def read(self, address: int, name: str) -> Any:
        offset, code = self.fields[name]
        value, = struct.unpack_from("=" + code, memory, address + offset)
        return value

    def new(self, **values: Any) -> Any:
        block = new(self.size)
        self.write(block.address, **values)
        return block


def group(prefix: str) -> Dict[str, int]:
    """The constants that begin with a prefix, by what follows."""
    return {name[len(prefix):]: value for name, value in constants.items() if name.startswith(prefix)}


def text_at(address: int) -> Optional[str]:
    """A text of the library's that ends with a NUL byte, such as a name; None of NULL."""
    if address == 0:
        return None
    end = address
    while True:
        chunk = memory[end:end + 64 - end % 64]     # never beyond the page that holds the end
        at = chunk.find(b"\0")
        if at >= 0:
            return bytes(memory[address:end + at]).decode()
        end += len(chunk)


# ---- Calls ---------------------------------------------------------------------------------------------------------

_error = Struct("hg_error")
_OUT = 512                      # behind the error: what calls give
assert _error.size <= _OUT


class _Scratch(threading.local):
    """Of each thread: an hg_error, and room for what a call gives."""

    def __init__(self) -> None:
        self._block = new(_OUT + 64)
        self.err: int = self._block.address
        self.out: int = self._block.address + _OUT


scratch = _Scratch()
_q = struct.Struct("=q")
_Q3 = struct.Struct("=QQQ")


def out_int() -> int:
    """What the last call of this thread has given at scratch.out: an int64_t or an address."""
    value: int = _q.unpack_from(memory, scratch.out)[0]
    return value


def outs() -> Tuple[int, int, int]:
    one, two, three = _Q3.unpack_from(memory, scratch.out)
    return one, two, three


def clear_outs() -> None:
    _Q3.pack_into(memory, scratch.out, 0, 0, 0)


def call(function: Callable[..., int], *arguments: int, of: Any = None) -> None:
    """Calls what takes an hg_error last; of knows the columns that an error may name."""
    err = scratch.err
    if function(*arguments, err):
        raise error_at(err, of)


def _chars(address: int, name: str) -> str:
    return str(_error.read(address, name).split(b"\0", 1)[0].decode("utf-8", "replace"))


def error_at(err: int, of: Any = None) -> Error:
    """The exception that an hg_error says. of: what its column is an ordinal of."""
    status, flags, ordinal = (_error.read(err, name) for name in ("status", "flags", "column"))
    column = None
    if of is not None and 0 <= ordinal < len(of.columns):
        column = of.columns[ordinal].field
    return BY_STATUS.get(status, InternalError)(
        _chars(err, "message"), table=_chars(err, "table") or None, column=column,
        constraint=_chars(err, "constraint") or None, sqlstate=_chars(err, "sqlstate") or None,
        retryable=bool(flags & constants["HG_ERROR_RETRY"]),
        outcome_unknown=bool(flags & constants["HG_ERROR_OUTCOME_UNKNOWN"]), status=status)


_text_ptr, _text_len, _text_free = function("hg_text_ptr"), function("hg_text_len"), function("hg_text_free")


def take_text(address: int) -> Optional[str]:
    """The text of an hg_text, which is freed; None of NULL."""
    if address == 0:
        return None
    try:
        start = _text_ptr(address)
        return bytes(memory[start:start + _text_len(address)]).decode()
    finally:
        _text_free(address)


def status_name(status: int) -> str:
    """HG_E_NOT_FOUND and so on."""
    return text_at(function("hg_status_name")(status)) or ""
