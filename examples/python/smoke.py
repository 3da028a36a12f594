"""smoke.py - tries every table of a database, and leaves nothing behind: hotgigs-smoke in Python.

In one transaction that is rolled back: a row with every column filled goes into each of the tables, parents first; it
is read back and compared column by column, turned into JSON and back, changed, and, children first, deleted. What the
service may not do by design (nobody changes the audit trail) must be refused. Rows are made from the library's own
description of the tables, so a new column is tried from the day it exists.

Run:      python3 smoke.py [DSN]
          DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment.
          Exit status: 0 when every table passes, 1 when one fails, 2 when it could not be tried.

Prints:   what hotgigs-smoke prints.
"""

import datetime
import decimal
import ipaddress
import os
import sys
import uuid
from typing import Any, Dict, List

import hotgigs
from hotgigs import tables

SERVICE = 1 << hotgigs.Role.SERVICE
MOMENT = datetime.datetime(2025, 11, 22, 10, 17, 10, 123456, datetime.timezone.utc)

#: The table whose row a foreign key points to, by the schema's habits in naming them.
PARENTS = {"company_id": "companies", "job_id": "jobs", "candidate_id": "candidate_profiles",
           "document_id": "documents", "recruiter_id": "freelance_recruiters"}


class Trial:
    """What is known of one table's try."""

    def __init__(self, table: Any) -> None:
        self.table, self.info = table, table._info
        self.id = uuid.uuid4()
        self.done: List[str] = []
        self.failure = ""

    def fail(self, step: str, why: object) -> None:
        self.failure = self.failure or f"{step}: {why}"


def parent_of(trials: Dict[str, Trial], trial: Trial, column: str) -> uuid.UUID:
    if column == "id":
        return trial.id
    if "application_id" in column:
        return trials["applications"].id
    return trials[PARENTS.get(column, "users")].id


def value(trials: Dict[str, Trial], trial: Trial, column: Any, change: int) -> Any:
    """A value that fits any column of its kind; change tells the one inserted from the one updated to."""
    kind = column.kind
    if kind == "UUID":
        return parent_of(trials, trial, column.name)
    if kind == "TEXT":
        return str(uuid.uuid4())[:column.length or None]
    if kind == "ENUM":          # not the first: it is "admin", and the last one stays
        return column.values[-1 - change]
    return {"JSON": [{"a": [1, None]}, [1, "два"]][change], "INT": 7 + change, "BOOL": not change,
            "DECIMAL": decimal.Decimal(125 + change).scaleb(-column.scale),
            "TIMESTAMP": MOMENT + datetime.timedelta(microseconds=change), "DATE": datetime.date(2025, 11, 22 + change),
            "TEXT_LIST": ["one", None, "δύο"], "INET": ipaddress.ip_address("192.0.2.7") + change}[kind]


def columns_of(trials: Dict[str, Trial], trial: Trial, change: int) -> Dict[str, Any]:
    """The columns that the service may insert, or update, with their values."""
    return {column.field: value(trials, trial, column, change) for column in trial.info.columns
            if (column.updaters if change else column.inserters) & SERVICE}


def compare(trial: Trial, want: Dict[str, Any], got: Dict[str, Any], skip: str = "") -> bool:
    for column in trial.info.columns:
        name = column.field
        if name not in want or name == skip or not column.readers & SERVICE:
            continue
        if got.get(name, hotgigs.NOT_LOADED) != want[name]:
            trial.fail("compare", f"{name} comes back as another value")
            return False
    return True


def try_table(door: Any, trials: Dict[str, Trial], trial: Trial) -> None:
    step = "insert"
    try:
        row = columns_of(trials, trial, 0)
        door.insert(**row)
        trial.done.append(step)
        step = "get"
        read = door.get(trial.id)
        trial.done.append(step)
        if not compare(trial, row, hotgigs.as_dict(read)):
            return
        step = "json"
        again, = trial.table.from_json(trial.table.to_json(read))
        trial.done.append(step)
        if not compare(trial, again, tables.verbatim(read)):
            return
        step = "update"
        change = columns_of(trials, trial, 1)
        if not change:              # nobody changes these rows: it must be refused
            try:
                door.update(trial.id, **row)
                trial.fail(step, "is not refused")
            except hotgigs.Error:
                trial.done.append("no-update")
            return
        door.update(trial.id, **change)
        changed = hotgigs.as_dict(door.get(trial.id))
        trial.done.append(step)
        at = trial.info.version_column      # a trigger writes it, whatever an update says
        compare(trial, change, changed, trial.info.columns[at].field if at >= 0 else "")
    except hotgigs.Error as error:
        trial.fail(step, f"{hotgigs.status_name(error.status)}: {error}")


def try_delete(door: Any, trial: Trial) -> None:
    try:
        door.delete(trial.id)
    except hotgigs.DeniedError:
        trial.done.append("no-delete")
        return
    except hotgigs.Error as error:
        trial.fail("delete", f"{hotgigs.status_name(error.status)}: {error}")
        return
    try:
        door.get(trial.id)
        trial.fail("delete", "the row is still there")
    except hotgigs.NotFoundError:
        trial.done.append("delete")


def main() -> int:
    dsn = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HOTGIGS_SERVICE_DSN", "")
    trials = {table._info.name: Trial(table) for table in tables.ALL if not table._info.is_view}
    with hotgigs.connect(dsn) as connection:
        connection.begin()                  # and closing the connection rolls back
        # Parents have the lower numbers. A failed statement spoils the transaction up to a savepoint, so a table that
        # fails goes back to its own, and fails those that need its row, which is right.
        for name, trial in trials.items():
            connection.set_savepoint(f"before_{name}")
            try_table(getattr(connection, name), trials, trial)
            if trial.failure:
                connection.rollback_to(f"before_{name}")
        for name, trial in reversed(trials.items()):
            if not trial.failure:
                try_delete(getattr(connection, name), trial)
            connection.rollback_to(f"before_{name}")
    for name, trial in trials.items():
        print(f"{'fail' if trial.failure else 'pass'}  {name:22} {len(trial.info.columns)} columns: "
              f"{' '.join([*trial.done, *[trial.failure][:bool(trial.failure)]])}")
    failures = sum(bool(trial.failure) for trial in trials.values())
    print(f"{len(trials) - failures} tables passed, {failures} failed")
    return int(failures > 0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except hotgigs.Error as problem:
        print(f"smoke.py: {hotgigs.status_name(problem.status)}: {problem}", file=sys.stderr)
        sys.exit(2)
