"""bench.py - lists of 10,000 rows beside psycopg 3: how long until every cell of every row has been read as its type.

Both read the same 10,000 jobs with all 29 columns and give objects with the same values: uuid.UUID, datetime with
UTC, enumerations, lists, parsed JSON. psycopg's rows are a dataclass with slots, in the format, text or binary, that
is quicker for it; beside it stand its bare tuples, whose enumerated columns are texts and whose times have no zone.

Run:      python3 bench.py [DSN] [--bar RATIO]
          DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment. Its rows are deleted again.
          --bar: exit status 1 unless the library, every cell read, is so many times as fast as psycopg's typed rows.

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

ROWS, RUNS = 10_000, 5
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
         "application_deadline": deadline + datetime.timedelta(hours=i), "seo_keywords": WORDS[:i % 4]}
        for i in range(ROWS))
    return company.id  # type: ignore[no-any-return]


def read_every_cell(rows: Sequence[Any], fields: Sequence[str]) -> None:
    for row in rows:
        for field in fields:
            getattr(row, field)


def best_of(works: Dict[str, Callable[[], Any]], is_enough: Callable[[Dict[str, float]], bool]) -> Dict[str, float]:
    """Milliseconds of the quickest run of each. They take turns, so that what disturbs one disturbs the others; and
    what disturbs a run only ever makes it longer."""
    times: Dict[str, float] = {}
    for turn in range(RUNS):
        if turn > 1 and is_enough(times):
            break
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


def psycopg_works(psycopg: Any, connection: Any, company: uuid.UUID,
                  fields: Sequence[str]) -> Dict[str, Callable[[], Any]]:
    sql = f"SELECT {', '.join(fields)} FROM jobs WHERE company_id = %s ORDER BY id"

    def fetch(factory: Any, binary: bool) -> Any:
        rows = connection.cursor(row_factory=factory, binary=binary).execute(sql, (company,), prepare=True).fetchall()
        assert len(rows) == ROWS
        return rows

    typed = typed_factory(fields)
    return {"text": lambda: read_every_cell(fetch(typed, False), fields),
            "binary": lambda: read_every_cell(fetch(typed, True), fields),
            "tuples": lambda: fetch(psycopg.rows.tuple_row, False)}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("dsn", nargs="?", default=os.environ.get("HOTGIGS_SERVICE_DSN", ""))
    parser.add_argument("--bar", type=float, default=0)
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
            def is_enough(times: Dict[str, float]) -> bool:
                return bool(0 < options.bar * times["read"] <= min(times["text"], times["binary"]))

            with psycopg.connect(options.dsn) as other:
                times = best_of({"unread": lambda: connection.jobs.find(query),
                                 "read": lambda: read_every_cell(connection.jobs.find(query), fields),
                                 **psycopg_works(psycopg, other, company, fields)}, is_enough)
        finally:
            connection.jobs.delete_where(jobs.where(company_id=company), ROWS)
            connection.companies.delete(company)

    print(f"{ROWS} rows of {len(fields)} columns; hotgigs over {hotgigs.BACKEND}, "
          f"psycopg {psycopg.__version__} ({psycopg.pq.__impl__})")
    typed, read = min(times["text"], times["binary"]), times["read"]
    print(f"hotgigs, every cell read          {read:8.1f} ms")
    print(f"hotgigs, JSON not asked for       {times['unread']:8.1f} ms")
    print(f"psycopg, the same types           {typed:8.1f} ms   {typed / read:5.2f} times as long")
    print(f"psycopg, bare tuples              {times['tuples']:8.1f} ms   {times['tuples'] / read:5.2f} times as long")
    return int(typed < options.bar * read)


if __name__ == "__main__":
    sys.exit(main())
