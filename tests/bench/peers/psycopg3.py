"""psycopg3.py IDS_FILE DSN: psycopg 3, at work as peer.c says: every column as its Python value."""
import json
import os
import sys
import time
import uuid
from datetime import datetime

import psycopg

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


def sum_text(text):
    return len(text) + ord(text[-1]) if text else 0


def new_id():
    """Version 7, as the others make it, so that the indexes grow alike."""
    ms, rest = divmod(time.time_ns(), 1000000)
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=ms << 80 | 7 << 76 | rest * 4096 // 1000000 << 64 | 2 << 62 | random)


def sum_of(row):
    """As bench_sum_job() in tests/bench/text.c."""
    total = sum(row[i].bytes[15] for i in (0, 1, 2) if row[i] is not None)
    total += sum(1 << i for i, value in enumerate(row) if value is None)
    total += sum(sum_text(row[i]) for i in (3, 4, 5, 6, 7, 8, 11, 15, 16, 18, 19))
    total += sum(values.index(row[i]) + 1 for i, values in VALUES.items())
    total += row[13] + row[14] + row[21] + row[22] + row[23] + row[24]
    total += sum_text(json.dumps(row[17])) + sum_text(json.dumps(row[25]))
    total += microseconds(row[20]) + microseconds(row[27]) + microseconds(row[28])
    return total + sum(sum_text(word) for word in row[26])


EVENT = (
    "INSERT INTO public.analytics_events (id, user_id, event_type, event_data, session_id, ip_address, user_agent)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
MAIL = "INSERT INTO public.email_logs (id, email_type, recipient_email, subject) VALUES (%s, %s, %s, %s)"
SENT = "UPDATE public.email_logs SET status = %s, provider_message_id = %s WHERE id = %s"
STEP = "INSERT INTO public.application_timeline (id, application_id, status, notes) VALUES (%s, %s, %s, %s)"
VISIT = "INSERT INTO public.analytics_events (id, event_type, event_data) VALUES (%s, %s, %s)"
METRIC = "INSERT INTO public.system_metrics (id, metric_name, metric_unit) VALUES (%s, %s, %s)"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class Peer:
    def __init__(self, ids, dsn):
        self.user, self.application, *self.jobs = ids
        self.next = 0
        self.connection = psycopg.connect(dsn, autocommit=True)

    def sum_rows(self, sql, values=()):
        return sum(map(sum_of, self.connection.execute(f"SELECT {COLUMNS} FROM public.jobs{sql}", values, prepare=True)))

    def get(self):
        key = self.jobs[self.next]
        self.next = (self.next + 1) % len(self.jobs)
        return self.sum_rows(" WHERE id = %s", (key,))

    def list(self):
        return self.sum_rows("")

    def page(self):
        return self.sum_rows(
            " WHERE is_public AND employment_status = 'open' ORDER BY created_at DESC, id LIMIT 50"
        )

    def write(self, sql, *values):
        assert self.connection.execute(sql, values, prepare=True).rowcount == 1, "no row was written"

    def insert(self):
        data = '{"job": "a1b2c3", "from": "search"}'
        self.write(EVENT, new_id(), self.user, "job_view", data, "visit 4711", "192.0.2.1", AGENT)
        return 1

    def transaction(self):
        mail = new_id()
        with self.connection.transaction():
            self.write(MAIL, mail, "application_update", "candidate@example.com", "Your application")
            self.write(SENT, "sent", "0102018f-a1b2c3", mail)
            self.write(STEP, new_id(), self.application, "screening", "A first look")
            self.write(VISIT, new_id(), "application_update", '{"from": "board"}')
            self.write(METRIC, new_id(), "mails", "1")
        return 1


def main():
    peer = Peer(open(sys.argv[1], encoding="ascii").read().split(), sys.argv[2])
    print("ready", flush=True)
    for order in iter(sys.stdin.readline, ""):
        name, times = order.split()
        run = getattr(peer, name)
        wall, cpu = time.monotonic(), time.process_time()
        total = sum(run() for _ in range(int(times)))
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        print(f"{wall * 1e6:.3f} {cpu * 1e6:.3f} {total % 2**64}", flush=True)


main()
