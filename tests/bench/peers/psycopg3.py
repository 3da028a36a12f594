"""psycopg3.py IDS_FILE ROWS DSN: psycopg 3, measured as peer.c measures: every column as its Python value."""
import json
import statistics
import sys
import time
from datetime import datetime

import psycopg

RUNS = 3
COLUMNS = (
    "id, company_id, posted_by, title, slug, description, requirements, responsibilities, benefits, job_type, "
    "experience_level, location, remote_type, salary_min, salary_max, salary_currency, salary_period, skills, "
    "department, employment_status, application_deadline, is_featured, is_public, view_count, application_count, "
    "ai_generated_content, seo_keywords, created_at, updated_at"
)
VALUES = {
    9: ["full_time", "part_time", "contract", "freelance", "internship"],
    10: ["entry", "mid", "senior", "executive"],
    12: ["on_site", "remote", "hybrid"],
}
EPOCH = datetime(1970, 1, 1)


def microseconds(moment):
    past = moment - EPOCH
    return (past.days * 86400 + past.seconds) * 1000000 + past.microseconds


def sum_of(row):
    """As bench_sum_job() in tests/bench/text.c."""
    total = row[0].bytes[15] + row[1].bytes[15] + sum(1 << i for i, value in enumerate(row) if value is None)
    total += sum(len(row[i]) for i in (3, 4, 5, 6, 7, 8, 11, 15, 18) if row[i] is not None)
    total += sum(values.index(row[i]) + 1 for i, values in VALUES.items())
    total += row[13] + row[14] + row[22] + row[23]
    total += len(json.dumps(row[17])) + len(json.dumps(row[25]))
    total += microseconds(row[20]) + microseconds(row[27])
    return total + sum(len(word) for word in row[26])


def measure(run, units):
    wanted, walls, cpus = run(), [], []
    for _ in range(RUNS):
        wall, cpu = time.monotonic(), time.process_time()
        assert run() == wanted, "two runs decoded different values"
        walls.append(time.monotonic() - wall)
        cpus.append(time.process_time() - cpu)
    wall, cpu = (statistics.median(times) * 1e6 / units for times in (walls, cpus))
    print(f"{wall:.3f}|{cpu:.3f}|{wanted % 2**64}|", end="")


def main():
    ids = open(sys.argv[1], encoding="ascii").read().split()
    connection = psycopg.connect(sys.argv[3], autocommit=True)

    def get():
        sql = f"SELECT {COLUMNS} FROM public.jobs WHERE id = %s"
        return sum(sum_of(connection.execute(sql, (key,), prepare=True).fetchone()) for key in ids)

    def rows():
        return sum(map(sum_of, connection.execute(f"SELECT {COLUMNS} FROM public.jobs").fetchall()))

    measure(get, len(ids))
    measure(rows, int(sys.argv[2]))
    print()


main()
