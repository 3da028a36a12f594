"""Connections, the pool, on whose behalf a connection acts, transactions.

One connection, one thread at a time; only cancel() may be called beside. The pool is thread-safe. While a call waits
for the server, other Python threads run.
"""

import contextlib
import datetime
import enum
import uuid as _uuid
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Union

from . import _encode
from ._decode import date_of, decimal_of, inet_of, time_of, uuid_of
from ._library import Struct, call, constants, function, memory, new, out_int, scratch, take_text
from .describe import KINDS
from .errors import Error, InvalidError, StateError
from .query import Query
from .tables import Doors

import collections
import struct as _struct

__all__ = ["Attempts", "Connection", "Isolation", "Pool", "Prepare", "Role", "connect"]


class Role(enum.IntEnum):
    """Personas. The database decides by the user's row whether he may act as one."""

    ANON = constants["HG_ROLE_ANON"]                #: a visitor without a user
    CANDIDATE = constants["HG_ROLE_CANDIDATE"]
    COMPANY = constants["HG_ROLE_COMPANY"]
    FREELANCER = constants["HG_ROLE_FREELANCER"]
    SERVICE = constants["HG_ROLE_SERVICE"]          #: the application's own jobs


class Isolation(enum.IntEnum):
    DEFAULT = constants["HG_ISOLATION_DEFAULT"]     #: the server's
    READ_COMMITTED = constants["HG_ISOLATION_READ_COMMITTED"]
    REPEATABLE_READ = constants["HG_ISOLATION_REPEATABLE_READ"]
    SERIALIZABLE = constants["HG_ISOLATION_SERIALIZABLE"]


class Prepare(enum.IntEnum):
    AUTO = constants["HG_PREPARE_AUTO"]             #: yes, unless a pooler that mixes clients' statements is detected
    ON = constants["HG_PREPARE_ON"]
    OFF = constants["HG_PREPARE_OFF"]


_conn_options, _pool_options = Struct("hg_conn_options"), Struct("hg_pool_options")
_conn_stats, _pool_stats = Struct("hg_conn_stats"), Struct("hg_pool_stats")
_identity, _tx_options, _retry = Struct("hg_identity"), Struct("hg_tx_options"), Struct("hg_retry")


def _c_text(text: Optional[str]) -> Any:
    return _encode.c_text(text) if text else None


def _address(block: Any) -> int:
    return int(block.address) if block else 0


def _options(struct: Struct, options: Dict[str, Any]) -> Any:
    for name in options:
        if name not in struct.fields or name in ("struct_size", "reserved"):
            raise TypeError(f"there is no option {name}")
    return struct.new(**{name: int(value) for name, value in options.items()})


def _stats(struct: Struct, name: str, address: int) -> Dict[str, int]:
    block = struct.new()
    call(function(name), address, block.address)
    return {field: struct.read(block.address, field) for field in struct.fields
            if field not in ("struct_size", "reserved")}


class Connection(Doors):
    """A connection to the database: connection.jobs.get(id), operations.job_similar(connection, ...).

    Also the with statement's: closed at its end, or given back to its pool.
    """

    def __init__(self, address: int) -> None:
        self._conn, self.in_batch = address, False

    @property
    def address(self) -> int:
        """The hg_conn. StateError: it was closed."""
        if not self._conn:
            raise StateError("the connection is closed")
        return self._conn

    def close(self) -> None:
        """Closes it, or gives it back to its pool. An open transaction is rolled back."""
        address, self._conn = self._conn, 0
        if address:
            function("hg_conn_close")(address)

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()

    def cancel(self) -> None:
        """Asks the server to stop what the connection is doing; from any thread."""
        call(function("hg_conn_cancel"), self.address)

    def set_timeout(self, milliseconds: int) -> None:
        """The deadline of each later call; 0: none."""
        call(function("hg_conn_set_timeout"), self.address, milliseconds)

    def ping(self) -> None:
        call(function("hg_conn_ping"), self.address)

    @property
    def server_version(self) -> int:
        """150020 is 15.20."""
        return function("hg_conn_server_version")(self.address)

    @property
    def stats(self) -> Dict[str, int]:
        """What the connection has cost so far."""
        return _stats(_conn_stats, "hg_conn_get_stats", self.address)

    def notices(self) -> List[str]:
        """The notices of the server that were not fetched yet."""
        texts: List[str] = []
        while True:
            call(function("hg_conn_next_notice"), self.address, scratch.out)
            text = take_text(out_int())
            if text is None:
                return texts
            texts.append(text)

    # ---- On whose behalf ----

    def enter(self, role: int, user: Optional[Union[_uuid.UUID, str]] = None, *, ip: str = "", user_agent: str = "",
              request_id: str = "", action: str = "") -> None:
        """Acts as a user from the next call on; the texts are for the audit trail. No round trip."""
        texts = {"ip": ip, "user_agent": user_agent, "request_id": request_id, "action": action}
        cells = {name: self._cut(name, text) for name, text in texts.items()}
        who = _identity.new(role=int(role), user_id=_encode.uuid_bytes(user) if user else b"", **cells)
        call(function("hg_session_enter"), self.address, who.address)

    @staticmethod
    def _cut(name: str, text: str) -> bytes:
        room, data = int(_identity.fields[name][1][:-1]) - 1, text.encode()
        if name == "user_agent" and len(data) > room:
            return data[:room].decode("utf-8", "ignore").encode()
        if len(data) > room:
            raise InvalidError(f"{name} has more than {room} bytes")
        return data

    def leave(self) -> None:
        """Back to the login's default persona."""
        function("hg_session_leave")(self.address)

    @contextlib.contextmanager
    def session(self, role: int, user: Optional[Union[_uuid.UUID, str]] = None, **audit: str) -> Iterator["Connection"]:
        """Acts as a user until the end of the with statement."""
        self.enter(role, user, **audit)
        try:
            yield self
        finally:
            if self._conn:
                self.leave()

    @property
    def role(self) -> Optional[int]:
        """The persona that the next call acts as; None: the login's is none of them."""
        role = function("hg_session_role")(self.address)
        return Role(role) if role >= 0 else None

    # ---- Transactions ----

    def begin(self, *, isolation: int = 0, read_only: bool = False, deferrable: bool = False,
              timeout_ms: int = 0) -> None:
        options = _tx_options.new(isolation=int(isolation), read_only=int(read_only), deferrable=int(deferrable),
                                  timeout_ms=timeout_ms)
        call(function("hg_tx_begin"), self.address, options.address)

    def commit(self) -> None:
        call(function("hg_tx_commit"), self.address)

    def rollback(self) -> None:
        call(function("hg_tx_rollback"), self.address)

    @property
    def in_transaction(self) -> bool:
        return bool(function("hg_tx_is_open")(self.address))

    @contextlib.contextmanager
    def transaction(self, *, isolation: int = 0, read_only: bool = False, deferrable: bool = False,
                    timeout_ms: int = 0) -> Iterator["Connection"]:
        """Commits at the end of the with statement; rolls back if an exception leaves it."""
        self.begin(isolation=isolation, read_only=read_only, deferrable=deferrable, timeout_ms=timeout_ms)
        try:
            yield self
        except BaseException:
            if self._conn and self.in_transaction:
                with contextlib.suppress(Error):        # what left the body is what counts
                    self.rollback()
            raise
        self.commit()

    def set_savepoint(self, name: str) -> None:
        self._savepoint("savepoint", name)

    def release(self, name: str) -> None:
        self._savepoint("release", name)

    def rollback_to(self, name: str) -> None:
        """Undoes what was done since the savepoint; a transaction in which a statement failed can go on then."""
        self._savepoint("rollback_to", name)

    def _savepoint(self, call_name: str, name: str) -> None:
        label = _encode.c_text(name)
        call(function(f"hg_tx_{call_name}"), self.address, label.address)

    @contextlib.contextmanager
    def savepoint(self, name: str = "hotgigs") -> Iterator["Connection"]:
        """Undoes only what the with statement's body did if an exception leaves it; the transaction goes on."""
        self.set_savepoint(name)
        try:
            yield self
        except BaseException:
            with contextlib.suppress(Error):
                self.rollback_to(name)
            raise
        self.release(name)

    def attempts(self, *, isolation: int = 0, read_only: bool = False, **limits: int) -> "Attempts":
        """A transaction, repeated where that may help:

            for attempt in connection.attempts():
                with attempt:
                    ...

        The body's transaction begins and commits with the with statement. A failure that repeating may cure ends this
        attempt and begins the next after a delay; any other, or the last, leaves the loop as an exception.
        limits: max_attempts, min_delay_ms, max_delay_ms, timeout_ms.
        """
        return Attempts(self, dict(isolation=isolation, read_only=read_only), limits)

    @contextlib.contextmanager
    def batch(self) -> Iterator["Connection"]:
        """Single inserts, updates, upserts and deletes inside are collected and sent in one round trip at the end. They
        give nothing back. An error's failed is the number of the write that failed. An exception in the body gives up
        what was collected, and the transaction that it is in."""
        call(function("hg_batch_begin"), self.address)
        self.in_batch = True
        try:
            yield self
        except BaseException:
            self.in_batch = False
            if self._conn:
                with contextlib.suppress(Error):        # the connection's loss: the body's own exception tells more
                    call(function("hg_batch_drop"), self.address)
            raise
        self.in_batch = False
        try:
            call(function("hg_batch_end"), self.address, scratch.out)
        except Error as error:
            failed = out_int()
            error.failed = failed if failed >= 0 else None
            raise

    # ---- Aggregates ----

    def aggregate(self, query: Query) -> List[Any]:
        """The groups and measures of a query: a named tuple for each row of the table that it gives."""
        call(function("hg_aggregate_run"), self.address, query.address, scratch.out, of=query._info)
        table = out_int()
        try:
            return _cells_of(table, query)
        finally:
            function("hg_table_free")(table)


def _cells_of(table: int, query: Query) -> List[Any]:
    make = collections.namedtuple("Group", query.names)  # type: ignore[misc]
    columns = range(function("hg_table_columns")(table))
    readers = [_CELLS[KINDS[function("hg_table_kind")(table, column)]] for column in columns]
    is_null = function("hg_table_is_null")
    rows: List[Any] = []
    for row in range(function("hg_table_rows")(table)):
        cells: List[Any] = []
        for column, (name, code, value) in zip(columns, readers):
            if is_null(table, row, column):
                cells.append(None)
                continue
            call(function(f"hg_table_{name}"), table, row, column, scratch.out)
            cells.append(value(*_struct.unpack_from("=" + code, memory, scratch.out)))
        rows.append(make(*cells))
    return rows


def _text_of(at: int, size: int) -> str:
    return str(memory[at:at + size].decode())


#: Of each kind: the call that reads a cell, what it gives, and its value.
_CELLS: Dict[str, Any] = {
    "UUID": ("uuid", "16s", uuid_of), "TEXT": ("text", "QQ", _text_of), "ENUM": ("text", "QQ", _text_of),
    "INT": ("int", "q", int), "BIGINT": ("int", "q", int), "BOOL": ("int", "q", bool),
    "DECIMAL": ("decimal", "qii", decimal_of), "TIMESTAMP": ("time", "q", time_of), "DATE": ("date", "i", date_of),
    "INET": ("inet", "16sBB6x", inet_of),
}


class Attempts:
    """Of Connection.attempts()."""

    def __init__(self, connection: Connection, options: Dict[str, Any], limits: Dict[str, int]) -> None:
        self._connection, self._options = connection, options
        self._state = _options(_retry, limits)
        self._again = function("hg_tx_again")
        self._done = False

    def __iter__(self) -> Iterator["Attempts"]:
        call(self._again, self._connection.address, self._state.address)
        while not self._done:
            yield self

    @property
    def number(self) -> int:
        """1 in the first run."""
        return int(_retry.read(self._state.address, "attempt"))

    def __enter__(self) -> "Attempts":
        self._connection.begin(**self._options)
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        connection = self._connection
        if error is None:
            try:
                connection.commit()
                self._done = True
                return False
            except Error:
                if self._is_repeated():
                    return True
                raise
        if isinstance(error, Error):
            return self._is_repeated()
        if connection._conn and connection.in_transaction:
            with contextlib.suppress(Error):
                connection.rollback()
        return False

    def _is_repeated(self) -> bool:
        """Lets the library decide, which knows how the connection failed: it rolls back, and waits, or it gives up."""
        return self._again(self._connection.address, self._state.address, scratch.err) == 0


def connect(conninfo: str = "", **options: Any) -> Connection:
    """Connects. conninfo: libpq's keywords or URI; "" means libpq's environment.

    options: those of hg_conn_options: prepare, timeout_ms, statement_limit, with_detail, skip_check.
    """
    text, block = _c_text(conninfo), _options(_conn_options, options)
    call(function("hg_conn_open"), _address(text), block.address, scratch.out)
    return Connection(out_int())


class Pool:
    """A pool of connections to one database; any thread may use it.

    options: those of hg_pool_options, such as max_size (10), min_idle, timeout_ms, idle_timeout_ms, max_lifetime_ms.
    """

    def __init__(self, conninfo: str = "", **options: Any) -> None:
        self._pool = 0
        text, block = _c_text(conninfo), _options(_pool_options, options)
        call(function("hg_pool_open"), _address(text), block.address, scratch.out)
        self._pool = out_int()

    def connection(self, wait_ms: int = -1) -> Connection:
        """A connection as the login's default persona, for a with statement. CancelledError: none was free in time."""
        if not self._pool:
            raise StateError("the pool is closed")
        call(function("hg_pool_acquire"), self._pool, wait_ms, scratch.out)
        return Connection(out_int())

    @contextlib.contextmanager
    def session(self, role: int, user: Optional[Union[_uuid.UUID, str]] = None, *, wait_ms: int = -1,
                **audit: str) -> Iterator[Connection]:
        """A connection that acts as a user, until the end of the with statement."""
        with self.connection(wait_ms) as connection:
            connection.enter(role, user, **audit)
            yield connection

    @property
    def stats(self) -> Dict[str, int]:
        return _stats(_pool_stats, "hg_pool_get_stats", self._pool)

    def close(self) -> None:
        """Closes idle connections; those that are out are closed when they come back."""
        address, self._pool = self._pool, 0
        if address:
            function("hg_pool_close")(address)

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()
