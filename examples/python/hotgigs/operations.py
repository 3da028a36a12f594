"""The steps of the business: a function each, made from the library's description.

    row = operations.job_set_state(connection, job_id=job.id, is_public=False)

Of every one: its parameters are named; one that is left out is not given, which is not the same as None. What comes
back is a row, a row or None, a list of rows, a number, or nothing, as its docstring says.
"""

import inspect
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import _encode, describe
from ._library import call, function, out_int, scratch
from ._names import camel
from .rows import Reader
from .tables import BY_NUMBER, _enums

_GIVES = {"NONE": "Gives nothing.", "ONE": "Gives a row.", "MAYBE": "Gives a row, or None.",
          "MANY": "Gives a list of rows.", "COUNT": "Gives a number."}


def _reader_of(info: describe.OperationInfo) -> Optional[Reader]:
    if info.row_table >= 0:
        return BY_NUMBER[info.row_table]._reader
    if info.row is None or info.rows == "COUNT":
        return None
    return Reader(info.row, f"{camel(info.name)}Row", _enums, __name__)


def _runner(info: describe.OperationInfo, reader: Optional[Reader]) -> Callable[[int, int], Any]:
    """What runs it on a connection with parameters, by what comes back."""
    op, of, rows = info.address, info.params, info.rows

    def run_none(conn: int, params: int) -> None:
        call(function("hg_operation_run"), conn, op, params, of=of)

    def run_count(conn: int, params: int) -> int:
        call(function("hg_operation_run_count"), conn, op, params, scratch.out, of=of)
        return out_int()

    def run_row(conn: int, params: int) -> Any:
        call(function("hg_operation_run_row"), conn, op, params, scratch.out, of=of)
        return reader.take_one(out_int()) if reader else None

    def run_list(conn: int, params: int) -> List[Any]:
        call(function("hg_operation_run_list"), conn, op, params, scratch.out, of=of)
        return reader.take_many(out_int()) if reader else []

    return {"NONE": run_none, "COUNT": run_count, "ONE": run_row, "MAYBE": run_row, "MANY": run_list}[rows]


def _docstring(info: describe.OperationInfo) -> str:
    lines = [info.comment, "", _GIVES[info.rows]]
    if info.not_found:
        lines.append(f"NotFoundError: {info.not_found}")
    lines.append(f"For {', '.join(name for bit, name in describe.ROLES.items() if info.roles >> bit & 1)}.")
    if info.params.columns:
        lines += ["", *(f"{column.field}: {column.comment or column.sql_type}" for column in info.params.columns)]
    return "\n".join(lines)


def make(info: describe.OperationInfo) -> Tuple[Callable[..., Any], Optional[Reader]]:
    reader = _reader_of(info)
    run = _runner(info, reader)

    def operation(connection: Any, /, **params: Any) -> Any:
        encoded = _encode.encode(info.params, [params], is_params=True)
        return run(connection.address, encoded.address)

    operation.__name__ = operation.__qualname__ = info.name
    operation.__doc__ = _docstring(info)
    one = inspect.Parameter
    takes = [one("connection", one.POSITIONAL_ONLY)]
    takes += [one(column.field, one.KEYWORD_ONLY, default=... if column.nullable else one.empty)
              for column in info.params.columns]
    operation.__signature__ = inspect.Signature(takes)  # type: ignore[attr-defined]
    return operation, reader


INFOS: Dict[str, describe.OperationInfo] = {}
READERS: Dict[str, Optional[Reader]] = {}


def _make_all() -> None:
    for info in describe.operations():
        operation, reader = make(info)
        INFOS[info.name], READERS[info.name] = info, reader
        globals()[info.name] = operation
        if reader is not None and info.row_table < 0:
            globals()[reader.row.__name__] = reader.row
            globals().update({one.__name__: one for one in reader.enums.values()})


_make_all()
