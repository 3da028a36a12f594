"""bench.py - lists of 10,000 rows beside psycopg 3: how long until every cell of every row has been read as its type.

Both read the same 10,000 jobs with all 29 columns and give objects with the same values: uuid.UUID, datetime with
UTC, enumerations, lists, parsed JSON. psycopg's rows are a dataclass with slots, in the format, text or binary, that
is quicker for it; beside it stand its bare tuples, whose enumerated columns are texts and whose times have no zone.

Run:      python3 bench.py [DSN] [--runs N]
          DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment. Its rows are deleted again.
          Exit status 1 if the two have read different values; times decide nothing.

Prints:   milliseconds, the best of several runs each, and ratios.
"""

import argparse
import dataclasses
import datetime
import os
import sys
import time
import uuid
from typing import Any, Callable, Dict, List, Sequence

import hotgigs
from hotgigs import jobs

ROWS = 10_000
WORDS = ["postgresql", "embedded", "distributed", "typography", "kubernetes", "logistics"]


def make_rows(connection: Any) -> uuid.UUID:
    """10,000 jobs as they are: some columns NULL, texts of a line or a paragraph. Gives their company's id."""
    slug = str(uuid.uuid4())
    company = connection.companies.insert(name="Bench", slug=slug)
    deadline = datetime.datetime(2027, 1, 1, 12, tzinfo=datetime.timezone.utc)
    connection.jobs.insert_many(
        {"company_id": company.id, "title": f"Engineer {i}", "slug": f"{slug}-{i}", "description": f"Builds {i}. " * 20,
         "requirements": "Knows how. " * 8 if i % 2 else None, "responsibilities": None,
         "benefits": "Tea." if i % 3 else None,
         "job_type": ["full_time", "part_time", "contract"][i % 3], "experience_level": ["mid", "senior", None][i % 3],
         "location": "Zürich", "remote_type": ["remote", "hybrid"][i % 2], "salary_min": 60_000 + i,
         "salary_max": None if i % 4 else 90_000 + i, "department": "R&D",
         "skills": [WORDS[i % 6], {"name": WORDS[(i + 1) % 6], "level": i % 5}], "is_featured": i % 7 == 0,
         "application_deadline": deadline + datetime.timedelta(hours=i), "seo_keywords": WORDS[:i % 4],
         "is_public": False}                             # or job_search would be told of each
        for i in range(ROWS))
    return company.id  # type: ignore[no-any-return]


def read_every_cell(rows: Sequence[Any], fields: Sequence[str]) -> None:
    for row in rows:
        for field in fields:
            getattr(row, field)


def best_of(works: Dict[str, Callable[[], Any]], runs: int) -> Dict[str, float]:
    """Milliseconds of the quickest run of each. They take turns, so that what disturbs one disturbs the others; and
    what disturbs a run only ever makes it longer."""
    times: Dict[str, float] = {}
    for _ in range(runs):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            taken = (time.perf_counter() - start) * 1000
            times[name] = min(times.get(name, taken), taken)
    return times


# ---- psycopg ---------------------------------------------------------------------------------------------------------

def typed_factory(fields: Sequence[str]) -> Callable[[Any], Callable[[Sequence[Any]], Any]]:
    """A row factory of psycopg that makes the same types: a dataclass with enumerations and times in UTC."""
    row_class = dataclasses.make_dataclass("JobRow", fields, slots=True)
    utc = datetime.timezone.utc
    columns = hotgigs.Job._info.by_field()
    kinds = [columns[field] for field in fields]
    enums = [(i, {value: member for value, member in zip(column.values, members(column.field))})
             for i, column in enumerate(kinds) if column.kind == "ENUM"]
    times = [i for i, column in enumerate(kinds) if column.kind == "TIMESTAMP"]

    def factory(cursor: Any) -> Callable[[Sequence[Any]], Any]:
        def make(values: Sequence[Any]) -> Any:
            cells = list(values)
            for i, names in enums:
                if cells[i] is not None:
                    cells[i] = names[cells[i]]
            for i in times:
                if cells[i] is not None:
                    cells[i] = cells[i].replace(tzinfo=utc)
            return row_class(*cells)
        return make
    return factory


def members(field: str) -> List[Any]:
    return list({"job_type": hotgigs.JobJobType, "experience_level": hotgigs.JobExperienceLevel,
                 "remote_type": hotgigs.JobRemoteType}[field])


def fetcher(connection: Any, company: uuid.UUID, fields: Sequence[str]) -> Callable[[Any, bool], List[Any]]:
    sql = f"SELECT {', '.join(fields)} FROM jobs WHERE company_id = %s ORDER BY id"

    def fetch(factory: Any, binary: bool) -> List[Any]:
        cursor = connection.cursor(row_factory=factory, binary=binary)
        return list(cursor.execute(sql, (company,), prepare=True).fetchall())
    return fetch


def cells_of(rows: Sequence[Any], fields: Sequence[str]) -> List[List[Any]]:
    return [[getattr(row, field) for field in fields] for row in rows]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("dsn", nargs="?", default=os.environ.get("HOTGIGS_SERVICE_DSN", ""))
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    try:
        import psycopg
        import psycopg.rows
    except ImportError:
        print("bench.py: psycopg 3 is not installed (Debian: python3-psycopg)", file=sys.stderr)
        return 2

    fields = [column.field for column in hotgigs.Job._info.columns]
    with hotgigs.connect(options.dsn) as connection:
        company = make_rows(connection)
        query = jobs.where(company_id=company).order(jobs.id)
        try:
            with psycopg.connect(options.dsn) as other:
                fetch, typed = fetcher(other, company, fields), typed_factory(fields)
                times = best_of({"unread": lambda: connection.jobs.find(query),
                                 "read": lambda: read_every_cell(connection.jobs.find(query), fields),
                                 "text": lambda: read_every_cell(fetch(typed, False), fields),
                                 "binary": lambda: read_every_cell(fetch(typed, True), fields),
                                 "tuples": lambda: fetch(psycopg.rows.tuple_row, False)}, options.runs)
                same = cells_of(connection.jobs.find(query), fields) == cells_of(fetch(typed, True), fields)
        finally:
            connection.jobs.delete_where(jobs.where(company_id=company), ROWS)
            connection.companies.delete(company)

    print(f"{ROWS} rows of {len(fields)} columns; hotgigs over {hotgigs.BACKEND}, "
          f"psycopg {psycopg.__version__} ({psycopg.pq.__impl__})")
    best, read = min(times["text"], times["binary"]), times["read"]
    print(f"hotgigs, every cell read          {read:8.1f} ms")
    print(f"hotgigs, JSON not asked for       {times['unread']:8.1f} ms")
    print(f"psycopg, the same types           {best:8.1f} ms   {best / read:5.2f} times as long")
    print(f"psycopg, bare tuples              {times['tuples']:8.1f} ms   {times['tuples'] / read:5.2f} times as long")
    if not same:
        print("bench.py: the two have read different values", file=sys.stderr)
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
