"""What a person may ask for: his document, piece by piece, and the ledger that keeps who was erased from coming back.

    with privacy.export(connection, user_id) as document, open("person.json", "wb") as file:
        file.writelines(document)
    privacy.ledger_erase(connection, "/var/lib/hotgigs/erased", user_id=user_id)

operations.privacy_erase() and its like know nothing of a ledger; operations.privacy_export() gives the document at once.
"""

import enum
import os
from typing import Any, Iterator, List, Optional, Union

from . import _encode
from ._library import call, constants, function, memory, out_int, outs, scratch
from .connection import Connection
from .errors import InvalidError, StateError
from .operations import INFOS, READERS
from .values import Time

__all__ = ["Export", "Scope", "export", "import_document", "ledger_erase", "ledger_replay"]

_SUM = constants["HG_EXPORT_SHA256_SIZE"]
_EVER = -2**63


class Scope(enum.IntEnum):
    ACCESS = constants["HG_EXPORT_ACCESS"]          #: all about him, what was inferred included
    PORTABLE = constants["HG_EXPORT_PORTABLE"]      #: what he provided: what import_document() takes


class Export:
    """A document as it comes: pieces of bytes, in bounded memory. Until it ends or is closed the connection is its own."""

    def __init__(self, connection: Connection, address: int) -> None:
        self._connection = connection       # which must not go before
        self._address = address
        self._next = function("hg_privacy_export_next")

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._address:
            call(self._next, self._address, scratch.out, scratch.out + 8)
            start, size, _ = outs()
            if start:
                return bytes(memory[start:start + size])
        raise StopIteration

    @property
    def sha256(self) -> bytes:
        """The SHA-256 of all pieces. StateError: they were not read to the end, or it is closed."""
        if not self._address:
            raise StateError("the export is closed")
        call(function("hg_privacy_export_sha256"), self._address, scratch.out)
        return bytes(memory[scratch.out:scratch.out + _SUM])

    def close(self) -> None:
        address, self._address = self._address, 0
        if address:
            function("hg_privacy_export_close")(address)

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> "Export":
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()


def export(connection: Connection, user_id: Any, scope: int = Scope.ACCESS) -> Export:
    """The document of one user, of one snapshot; that it was asked for is on record before its first piece.

    NotFoundError: no such user, or another than the caller. StateError: a transaction is open.
    """
    user = _encode.Buffer(_encode.id_bytes(user_id))
    call(function("hg_privacy_export_open"), connection.address, user.address, int(scope), scratch.out)
    return Export(connection, out_int())


def import_document(connection: Connection, document: bytes, sha256: bytes) -> int:
    """Writes the rows of a portable document, all or none, and says how many; the service's alone.

    sha256  what Export.sha256 said where it was exported, never what came with the document
    InvalidError: another sum, or no portable document. ConflictError: he is there already.
    """
    if len(sha256) != _SUM:
        raise InvalidError(f"sha256 has {len(sha256)} bytes, not {_SUM}")
    text, sum_ = _encode.Buffer(document), _encode.Buffer(sha256)
    call(function("hg_privacy_import"), connection.address, text.address, len(document), sum_.address, scratch.out)
    return out_int()


# ---- The ledger of erasures ------------------------------------------------------------------------------------------

def _path(path: Union[str, "os.PathLike[str]"]) -> _encode.Buffer:
    return _encode.Buffer(os.fsencode(path) + b"\0")


def ledger_erase(connection: Connection, path: Union[str, "os.PathLike[str]"], /, **params: Any) -> Any:
    """operations.privacy_erase() in a transaction of its own, whose line is in the file, and on the disk, before it commits.

    InvalidError: the file cannot be opened. HeldError: a legal hold. InDoubtError: repeat it.
    """
    info, reader, file = INFOS["privacy_erase"].params, READERS["privacy_erase"], _path(path)
    encoded = _encode.encode(info, [params], is_params=True)
    call(function("hg_ledger_erase"), connection.address, file.address, encoded.address, scratch.out, of=info)
    return reader.take_one(out_int()) if reader else None


def ledger_replay(connection: Connection, path: Union[str, "os.PathLike[str]"], since: Optional[Time] = None) -> List[Any]:
    """Erases again whom a restore has brought back: a row a line, with its outcome. It may be repeated.

    since  lines before this are passed over: the time that was restored to, less what clocks may differ; None: none is
    InvalidError: the file cannot be read, or a line is none; nobody was erased
    """
    reader, file = READERS["privacy_replay"], _path(path)
    micros = _EVER if since is None else _encode.time_number(since)
    call(function("hg_ledger_replay"), connection.address, file.address, micros, scratch.out)
    return reader.take_many(out_int()) if reader else []
