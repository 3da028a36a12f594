"""Checked by mypy, not run: what the stubs know. Where a line is wrong on purpose mypy must say so, and with exactly
that code: it is run with --warn-unused-ignores."""

import datetime
from typing import List, Optional
from uuid import UUID

import hotgigs
from hotgigs import Job, JobRemoteType, jobs, operations


def reading(s: hotgigs.Connection, key: UUID) -> None:
    job = s.jobs.get(key)
    title: str = job.title
    salary: Optional[int] = job.salary_min
    remote: Optional[JobRemoteType] = job.remote_type
    made: Optional[datetime.datetime] = job.created_at
    first: Optional[Job] = s.jobs.first(jobs.where(jobs.salary_min >= 60_000).order(jobs.created_at.desc()))
    found: List[Job] = s.jobs.find(jobs.title.contains("x") & ~jobs.is_public.is_null())
    for one in s.jobs.stream():
        title = one.title
    salary_is_text: str = job.salary_min                # type: ignore[assignment]
    job.title = "x"                                     # type: ignore[misc]
    s.jobs.get(7)                                       # type: ignore[arg-type]
    jobs.wage                                           # type: ignore[attr-defined]
    print(title, salary, remote, made, first, found, salary_is_text)


def writing(s: hotgigs.Connection, company: UUID) -> None:
    with s.transaction() as tx:
        job = tx.jobs.insert(company_id=company, title="x", slug="x", description="x", job_type="full_time")
        tx.jobs.update(job, remote_type=JobRemoteType.REMOTE, location=None)
        tx.jobs.update(job, remote_type="moon")         # type: ignore[arg-type]
        tx.jobs.update(job, wage=1)                     # type: ignore[call-arg]
        tx.jobs.insert(title="x")                       # type: ignore[call-arg]
        tx.users.upsert("email", email="x", user_type="candidate")
        tx.users.upsert("phone", phone="x")             # type: ignore[arg-type]
        tx.jobs.related(tx.jobs.find(), "job_skills")
        tx.jobs.related(tx.jobs.find(), "weather")      # type: ignore[arg-type]
        tx.job_cards.delete(company)                    # type: ignore[attr-defined]


def doing(s: hotgigs.Connection, key: UUID) -> None:
    public: Optional[bool] = operations.job_set_state(s, job_id=key, is_public=True).is_public
    operations.job_set_state(s, is_public=True)         # type: ignore[call-arg]
    operations.job_set_state(s, job_id=key, colour=1)   # type: ignore[call-arg]
    nothing: None = operations.job_count_view(s, job_id=key)    # type: ignore[func-returns-value]
    for attempt in s.attempts(isolation=hotgigs.Isolation.SERIALIZABLE):
        with attempt:
            s.jobs.delete(key)
    print(public, nothing)
