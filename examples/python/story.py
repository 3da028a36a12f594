"""story.py - one hiring day, played on a real database and told as a story; all 25 tables: hotgigs-demo in Python.

The service's login does what only the application itself may do; the tenants' login plays the people, one after the
other, by Connection.enter(). Each step of the business is one call of an operation, and PostgreSQL's policies decide
what each may see and do. Everything but the timings is the same each time, so the story is also a test.

Run:      python3 story.py ../data
          with HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN, on a database that has not had this day yet.

Prints:   what hotgigs-demo prints: tests/examples/hotgigs-demo.expected
"""

import datetime
import json
import os
import sys
import time
import unicodedata
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any, Dict, List, Optional

import hotgigs
from hotgigs import Connection, Role, count, is_loaded, operations, tables

import importing


class Person:
    """A candidate."""

    def __init__(self, resume: Any, key: str, user: uuid.UUID, candidate: uuid.UUID) -> None:
        self.key, self.user, self.candidate = key, user, candidate
        self.name, self.email = resume["basics"]["name"], resume["basics"]["email"]


class Posting:
    def __init__(self, job: Any, company_id: uuid.UUID, id: uuid.UUID) -> None:
        self.company_id, self.id, self.title, self.company = company_id, id, job["title"], job["company"]


class Colleague:
    """Somebody of a company, who has no file."""

    def __init__(self, first: str, last: str, email: str) -> None:
        self.first, self.last, self.email = first, last, email
        self.user = uuid.UUID(int=0)


class Firm:
    def __init__(self, company: str, admin: Colleague, recruiter: Colleague) -> None:
        self.company, self.admin, self.recruiter = company, admin, recruiter
        self.id = uuid.UUID(int=0)


FIRMS = [
    Firm("Hafenlicht Logistik", Colleague("Jörg", "Großmann", "joerg@hafenlicht.example.com"),
         Colleague("Wiebke", "Jürgensen", "wiebke@hafenlicht.example.com")),
    Firm("北辰机器人", Colleague("李娜", "", "lina@beichen.example.com"), Colleague("陈伟", "", "chenwei@beichen.example.com")),
    Firm("Αιγαίο Δεδομένα", Colleague("Νίκος", "Αλεξίου", "nikos@aigaio.example.com"),
         Colleague("Μαρία", "Βλάχου", "maria@aigaio.example.com")),
    Firm("Casa Jacarandá Saúde", Colleague("Inês", "Araújo", "ines@jacaranda.example.com"),
         Colleague("Caetano", "Brandão", "caetano@jacaranda.example.com")),
]


def cell(text: str, width: int) -> str:
    """A text, filled up with spaces to that many columns of a terminal."""
    taken = sum(0 if unicodedata.category(c) in ("Mn", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
                for c in text)
    return text + " " * (width - taken)


def in_minutes(minutes: int) -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)


class Day:
    """The day: its clock, its voice, its people, and on whose behalf it acts."""

    def __init__(self, service: Connection, tenant: Connection) -> None:
        self.service, self.tenant = service, tenant
        self.people: Dict[str, Person] = {}
        self.jobs: Dict[str, Posting] = {}
        self.freelancer_user = self.freelancer = uuid.UUID(int=0)
        self._time = ""

    def at(self, clock: str) -> None:
        self._time = clock

    def say(self, line: str) -> None:
        """One line of the story, with the time if it has changed."""
        print(f"{chr(10) if self._time else ''}{self._time:7}{line}")
        self._time = ""

    def as_(self, role: Role, user: Optional[uuid.UUID], action: str) -> Connection:
        """The tenants' connection, from now on on behalf of this user."""
        self.tenant.enter(role, user, ip="192.0.2.20", user_agent="hotgigs-demo", action=action)
        return self.tenant

    def as_recruiter(self, firm: Firm, action: str) -> Connection:
        return self.as_(Role.COMPANY, firm.recruiter.user, action)

    # ---- The morning: the imported files, the companies' people ----

    def import_all(self, data: Path) -> None:
        rows = 0
        for path in [data / "resume.json", *sorted((data / "resumes").glob("*.json"))]:
            resume = json.loads(path.read_text(encoding="utf-8"))
            with self.service.transaction() as tx:
                user, candidate, written = importing.import_resume(tx, resume, str(path))
            self.people[path.stem] = Person(resume, path.stem, user, candidate)
            rows += written
        for path in [data / "job.json", *sorted((data / "jobs").glob("*.json"))]:
            job = json.loads(path.read_text(encoding="utf-8"))
            with self.service.transaction() as tx:
                company, key, written = importing.import_job(tx, job)
            self.jobs[path.stem] = Posting(job, company, key)
            rows += written
        self.imported = rows

    def tell_what_was_imported(self) -> None:
        self.say(f"{len(self.people)} résumés and {len(self.jobs)} job descriptions have become {self.imported} rows.")
        for person in self.people.values():
            profile = self.service.candidate_profiles.get(person.candidate)
            print(f"         {cell(person.name, 22)}{cell(profile.headline or '', 32)}"
                  f"years of work: {profile.experience_years or 0:2}")
        for posting in self.jobs.values():
            job = self.service.jobs.get(posting.id)
            print(f"         {cell(posting.company, 22)}{cell(job.title, 32)}"
                  f"{job.location}, {job.salary_min}-{job.salary_max} {job.salary_currency}")

    def register(self, who: Colleague, kind: Any) -> Optional[uuid.UUID]:
        """A user with both profiles of his kind. Gives the persona's profile, where it has one."""
        row = operations.user_register(self.service, email=who.email, user_type=kind, first_name=who.first,
                                       last_name=who.last)
        who.user = row.id
        return row.persona_profile_id

    def join(self, inviter: Optional[Colleague], firm: Firm, who: Colleague, role: Any) -> None:
        operations.member_invite(self.service, company_id=firm.id, user_id=who.user, role=role,
                                 inviter=inviter.user if inviter else None)
        operations.member_accept(self.as_(Role.COMPANY, who.user, "member.accept"), company_id=firm.id)

    def bring_people_in(self) -> None:
        """The platform invites each firm's admin, he the recruiter; each accepts as himself. And a freelancer."""
        for firm in FIRMS:
            self.register(firm.admin, "company")
            self.register(firm.recruiter, "company")
            for job in self.jobs.values():
                if job.company == firm.company:
                    firm.id = job.company_id
                    self.service.jobs.update(job.id, posted_by=firm.recruiter.user)
            self.join(None, firm, firm.admin, "admin")
            self.join(firm.admin, firm, firm.recruiter, "recruiter")
        chloe = Colleague("Chloé", "Œuvrard", "chloe@example.com")
        self.freelancer = self.register(chloe, "freelance_recruiter") or self.freelancer
        self.freelancer_user = chloe.user
        self.service.freelance_recruiters.update(self.freelancer, experience_years=8, is_verified=True)

    def match_everyone(self) -> None:
        """Compares the skills of every candidate with those of every job; keeps matches of half the skills and more."""
        wanted = {job.id: self.service.jobs.get(job.id).skills for job in self.jobs.values()}
        matches = []
        for person in self.people.values():
            profile = self.service.candidate_profiles.get(person.candidate)
            had = {skill.get("name") for skill in profile.skills}
            for job, names in wanted.items():
                percent = 100 * sum(name in had for name in names) // len(names) if names else 0
                if percent >= 50:
                    matches.append({"candidate_id": str(person.candidate), "job_id": str(job), "match_score": percent,
                                    "skill_match_score": percent, "is_recommended": percent >= 75})
            self.service.ai_resume_analysis.insert(
                candidate_id=person.candidate, overall_score=60 + 2 * (profile.experience_years or 0),
                improvement_suggestions=["name the year"])
        saved = operations.match_save_batch(self.service, matches=matches).inserted
        self.measure("matches_kept", saved, "rows")
        self.say(f"The night's run has compared {len(self.people) * len(self.jobs)} pairs of candidate and job, "
                 f"and kept {saved}.")

    # ---- A step of the business each: one call of an operation, by whoever may do it ----

    def record(self, actor: uuid.UUID, action: str, kind: str, resource: uuid.UUID) -> None:
        """An event of the application's own, for the audit trail."""
        self.service.audit_logs.insert(user_id=actor, action=action, resource_type=kind, resource_id=resource,
                                       ip_address="192.0.2.20", user_agent="hotgigs-demo")

    def write_mail(self, person: Person, kind: str, subject: str) -> None:
        """Into the queue, from which a worker takes it."""
        self.service.email_logs.insert(user_id=person.user, email_type=kind, recipient_email=person.email,
                                       subject=subject)

    def measure(self, name: str, value: int, unit: str) -> None:
        self.service.system_metrics.insert(metric_name=name, metric_value=value, metric_unit=unit)

    def sign_in_with_github(self, person: Person) -> None:
        operations.oauth_register_or_link(self.service, provider="github", provider_user_id=person.key,
                                          email=person.email, email_is_verified=True, access_token="secret")
        operations.user_touch_login(self.service, user_id=person.user)
        self.record(person.user, "user.login", "users", person.user)

    def apply(self, who: str, to: str) -> uuid.UUID:
        person, job = self.people[who], self.jobs[to]
        row = operations.application_submit(
            self.as_(Role.CANDIDATE, person.user, "application.submit"), job_id=job.id, candidate_id=person.candidate,
            source="website")
        self.write_mail(person, "application_received", "We have your application")
        self.say(f"{person.name} applies for: {job.title}, {job.company}")
        return row.id

    def move(self, firm: Firm, application: uuid.UUID, before: Any, after: Any, note: str) -> None:
        """note is for the company's own timeline."""
        operations.application_set_status(self.as_recruiter(firm, "application.set_status"), application_id=application,
                                          from_status=before, to_status=after, note=note)

    def set_notes(self, firm: Firm, application: uuid.UUID, notes: str) -> None:
        """Whoever has changed the application since it was read would be in the way."""
        conn = self.as_recruiter(firm, "application.set_notes")
        row = conn.applications.get(application)
        assert row.last_updated_at
        operations.application_set_notes(conn, application_id=application, notes=notes, expected=row.last_updated_at)

    def reject(self, firm: Firm, application: uuid.UUID, reason: str, feedback: str) -> None:
        """reason is the company's, feedback the candidate's."""
        operations.application_reject(self.as_recruiter(firm, "application.reject"), application_id=application,
                                      reason=reason, feedback=feedback)

    def hire(self, firm: Firm, application: uuid.UUID, salary: int) -> Optional[uuid.UUID]:
        """The job is filled by it. Gives the referral that earns by it."""
        return operations.application_hire(self.as_recruiter(firm, "application.hire"), application_id=application,
                                           fee_basis=Decimal(salary), close_job=True).referral_id

    def ask_the_ai(self, firm: Firm, person: Person, application: uuid.UUID, percent: int) -> None:
        """The recruiter asks, the candidate answers, the service's model scores."""
        session = operations.ai_session_create(
            self.as_recruiter(firm, "ai_session.create"), application_id=application, session_type="technical",
            questions=[{"id": 1, "question": "What does VACUUM do?"}])
        operations.ai_session_append(
            self.as_(Role.CANDIDATE, person.user, "ai_session.append"), session_id=session.id,
            response={"question_id": 1, "response": "Прибирає."}, expected=0)
        operations.ai_session_complete(self.service, session_id=session.id, overall_score=percent,
                                       session_duration=1260)

    def schedule(self, firm: Firm, application: uuid.UUID) -> uuid.UUID:
        """The application moves on to interviewing."""
        return operations.interview_schedule(
            self.as_recruiter(firm, "interview.schedule"), application_id=application, interviewer_id=firm.admin.user,
            interview_type="video", scheduled_at=in_minutes(120), duration_minutes=45,
            meeting_link="https://meet.example.com/1", advance=True).id

    def give_task(self, firm: Firm, application: uuid.UUID, title: str) -> uuid.UUID:
        """For the firm's admin."""
        return operations.task_create(
            self.as_recruiter(firm, "task.create"), company_id=firm.id, title=title, task_type="interview",
            priority="high", assigned_to=firm.admin.user, related_application_id=application).id

    def finish_task(self, firm: Firm, task: uuid.UUID) -> None:
        conn = self.as_(Role.COMPANY, firm.admin.user, "task.set_status")
        operations.task_set_status(conn, task_id=task, status="in_progress")
        operations.task_set_status(conn, task_id=task, status="completed")

    def finish_interview(self, firm: Firm, interview: uuid.UUID, score: int, feedback: str) -> None:
        """By the interviewer."""
        operations.interview_finish(self.as_(Role.COMPANY, firm.admin.user, "interview.finish"), interview_id=interview,
                                    status="completed", score=score, feedback=feedback)

    def refer(self, who: str, to: str, notes: str) -> uuid.UUID:
        """By the freelance recruiter, who may refer whoever lets himself be seen."""
        return operations.referral_create(
            self.as_(Role.FREELANCER, self.freelancer_user, "referral.create"), recruiter_id=self.freelancer,
            candidate_id=self.people[who].candidate, job_id=self.jobs[to].id, notes=notes).id

    def accept_referral(self, firm: Firm, referral: uuid.UUID) -> uuid.UUID:
        """Gives the application that comes of it."""
        row = operations.referral_decide(self.as_recruiter(firm, "referral.decide"), referral_id=referral, accept=True)
        assert row.application_id
        return row.application_id

    def send_mail(self) -> int:
        """The worker: claims what waits, and reports each as sent. Gives how many."""
        claimed = operations.email_claim_pending(self.service)
        for mail in claimed:
            operations.email_apply_event(self.service, email_id=mail.id, event="sent")
        return len(claimed)

    # ---- Looking ----

    def visitor_reads_a_job(self, posting: Posting) -> None:
        conn = self.as_(Role.ANON, None, "job.view")
        job = conn.jobs.get(posting.id)
        operations.job_count_view(conn, job_id=posting.id, session="a visitor")
        self.say(f"A visitor reads: {job.title} ({job.location})")

    def candidate_looks_around(self, person: Person) -> None:
        conn = self.as_(Role.CANDIDATE, person.user, "profile.view")
        own = conn.candidate_profiles.get(person.candidate)
        matches, all_matches = conn.ai_job_matches.count(), self.service.ai_job_matches.count()
        self.say(f"{person.name} signs in with GitHub and reads: {own.current_title}, {own.current_company}")
        self.say(f"Of the {all_matches} matches, {matches} are for these eyes.")

    def look_at_applications(self, who: str, role: Role, user: Optional[uuid.UUID]) -> None:
        """How many applications there are, as far as he can see."""
        try:
            self.say(f"{who}: sees {self.as_(role, user, 'application.list').application_cards.count()}")
        except hotgigs.Error as error:
            self.say(f"{who}: {hotgigs.status_name(error.status)}")

    def look_at_one(self, who: str, role: Role, user: uuid.UUID, application: uuid.UUID) -> None:
        """One application by its id, which somebody has got hold of."""
        try:
            row = self.as_(role, user, "application.view").applications.get(application)
            notes = "with" if is_loaded(row, "recruiter_notes") else "without"
            self.say(f"{who}: reads it, {notes} the recruiter's notes")
        except hotgigs.Error as error:
            self.say(f"{who}: {hotgigs.status_name(error.status)}")

    def look_at_interview(self, person: Person, interview: uuid.UUID) -> None:
        row = self.as_(Role.CANDIDATE, person.user, "interview.view").interviews.get(interview)
        self.say(f"{person.name} sees that it is {row.status}; "
                 f"the score is {'there, too' if is_loaded(row, 'score') else 'not shown'}.")

    def read_rejection(self, person: Person, application: uuid.UUID) -> None:
        row = self.as_(Role.CANDIDATE, person.user, "application.view").applications.get(application)
        self.say(f"What he reads: \"{row.rejection_feedback}\" "
                 f"The recruiter's reason is {'shown' if is_loaded(row, 'rejection_reason') else 'not shown'}.")

    def read_notifications(self, person: Person) -> None:
        conn = self.as_(Role.CANDIDATE, person.user, "notification.read")
        unread = operations.notification_unread_count(conn)
        read = operations.notification_mark_all(conn, up_to=in_minutes(1))
        self.say(f"{person.name} has {unread} notifications, and reads {read}.")

    def earn(self, firm: Firm, referral: uuid.UUID, currency: str) -> None:
        """Approved by the firm's admin, paid by the service; either once."""
        operations.commission_approve(self.as_(Role.COMPANY, firm.admin.user, "commission.approve"),
                                      referral_id=referral)
        operations.commission_pay(self.service, referral_id=referral)
        self.record(firm.admin.user, "commission.pay", "referrals", referral)
        try:
            operations.commission_pay(self.service, referral_id=referral)
        except hotgigs.Error as error:
            self.say(f"{firm.admin.first} approves the commission, and it is paid. "
                     f"Once more: {hotgigs.status_name(error.status)}")
        conn = self.as_(Role.FREELANCER, self.freelancer_user, "freelancer.view")
        own = conn.freelance_recruiters.get(self.freelancer)
        self.say(f"Chloé Œuvrard has earned {own.total_earnings} {currency} with {own.total_placements} placement.")

    def look_at_dashboards(self, firm: Firm, person: Person) -> None:
        ours = operations.dashboard_company(self.as_(Role.COMPANY, firm.admin.user, "dashboard"), company_id=firm.id)
        self.say(f"{firm.company}: {ours.jobs_total} jobs, {ours.jobs_filled} of them filled; "
                 f"{ours.applications_total} applications, {ours.applications_hired} hired, "
                 f"{ours.applications_rejected} rejected, {ours.applications_applied} yet to be looked at.")
        his = operations.dashboard_candidate(self.as_(Role.CANDIDATE, person.user, "dashboard"),
                                             candidate_id=person.candidate)
        self.say(f"{person.name}: {his.applications_total} application, {his.applications_hired} hired, "
                 f"{his.interviews_completed} interview behind.")

    # ---- The day ----

    def tell_who_sees_what(self, application: uuid.UUID) -> None:
        hafenlicht, beichen = FIRMS[:2]
        olena, richard = self.people["olena-kovalenko"], self.people["resume"]
        self.say("Who sees how many of the 15 applications?")
        self.look_at_applications("Wiebke Jürgensen of Hafenlicht Logistik", Role.COMPANY, hafenlicht.recruiter.user)
        self.look_at_applications("陈伟 of 北辰机器人", Role.COMPANY, beichen.recruiter.user)
        self.look_at_applications("Олена Коваленко", Role.CANDIDATE, olena.user)
        self.look_at_applications("Chloé Œuvrard, who refers candidates", Role.FREELANCER, self.freelancer_user)
        self.look_at_applications("A visitor", Role.ANON, None)
        self.look_at_applications("Олена Коваленко, claiming to be a company", Role.COMPANY, olena.user)
        self.say("And who reads hers, knowing its id?")
        self.look_at_one("Wiebke Jürgensen", Role.COMPANY, hafenlicht.recruiter.user, application)
        self.look_at_one("Олена Коваленко", Role.CANDIDATE, olena.user, application)
        self.look_at_one("陈伟 of the rival company", Role.COMPANY, beichen.recruiter.user, application)
        self.look_at_one("Richard Hendriks, a stranger", Role.CANDIDATE, richard.user, application)

    def tell_of_interviews(self, olena: uuid.UUID) -> None:
        hafenlicht, beichen = FIRMS[:2]
        candidate = self.people["olena-kovalenko"]
        self.at("11:30")
        self.ask_the_ai(hafenlicht, candidate, olena, 93)
        self.say("Олена Коваленко answers the AI's questions: 93 of 100.")
        self.at("12:00")
        try:
            self.schedule(beichen, olena)
        except hotgigs.Error as error:
            self.say(f"A recruiter of 北辰机器人 tries to put an interview into it: {hotgigs.status_name(error.status)}")
        interview = self.schedule(hafenlicht, olena)
        task = self.give_task(hafenlicht, olena, "Prepare the questions")
        self.say("Wiebke Jürgensen invites to an interview in two hours, and gives Jörg Großmann a task.")
        self.at("14:45")
        self.finish_task(hafenlicht, task)
        self.finish_interview(hafenlicht, interview, 9, "Found two faults in our schema.")
        self.say("The interview is over; Jörg Großmann gives 9 of 10.")
        self.look_at_interview(candidate, interview)

    def tell_of_the_decision(self, olena: uuid.UUID, ipek: uuid.UUID, sakura: uuid.UUID) -> None:
        """Of the two that came far, the one is hired and the other told so."""
        hafenlicht, beichen = FIRMS[:2]
        self.at("15:30")
        self.move(hafenlicht, olena, "interviewing", "offer", "84000 EUR")
        self.move(beichen, sakura, "applied", "screening", "knows our chips")
        self.move(beichen, sakura, "screening", "interviewing", "by phone")
        self.move(beichen, sakura, "interviewing", "offer", "360000 CNY")
        self.say("Олена Коваленко and 佐藤さくら have an offer.")
        self.at("16:00")
        self.hire(hafenlicht, olena, 84000)
        self.say(f"Олена Коваленко is hired; the job is filled: {self.jobs['database-engineer'].title}")
        self.reject(hafenlicht, ipek, "second", "The place is taken; please apply for the next one.")
        self.say("İpek Yıldız is told that the place is taken.")
        self.at("16:20")
        referral = self.hire(beichen, sakura, 360000)
        self.say(f"佐藤さくら is hired; the job is filled: {self.jobs['embedded-engineer'].title}")
        assert referral
        self.earn(beichen, referral, "CNY")

    def tell(self, data: Path) -> None:
        hafenlicht, beichen = FIRMS[:2]
        self.at("07:30")
        self.import_all(data)
        self.bring_people_in()
        self.tell_what_was_imported()
        self.at("08:00")
        self.match_everyone()
        olena, richard = self.people["olena-kovalenko"], self.people["resume"]

        self.at("08:55")
        self.visitor_reads_a_job(self.jobs["database-engineer"])
        self.at("09:05")
        self.sign_in_with_github(olena)
        self.candidate_looks_around(olena)
        self.at("09:20")
        hers, ipeks, his = [self.apply(who, "database-engineer")
                            for who in ("olena-kovalenko", "ipek-yildiz", "resume")]
        for who in ("lukasz-wojcik", "ananya-sharma", "kim-minjun"):
            self.apply(who, "backend-developer")
        self.apply("asta-gudmundsdottir", "technical-writer")
        self.at("09:40")
        for who, to in (("wang-xiaoming", "navigation-engineer"), ("nguyen-thi-anh", "test-intern"),
                        ("eleni-papadopoulou", "data-scientist"), ("noa-levi", "security-engineer"),
                        ("layla-haddad", "product-designer"), ("joao-conceicao", "health-informatician"),
                        ("somchai-jaidee", "frontend-developer")):
            self.apply(who, to)

        self.at("10:10")
        referral = self.refer("sato-sakura", "embedded-engineer", "She writes schedulers of 900 bytes.")
        self.say("Chloé Œuvrard, freelance recruiter, refers 佐藤さくら to 北辰机器人.")
        self.at("10:25")
        sakuras = self.accept_referral(beichen, referral)
        self.say("陈伟 accepts, which makes an application of it.")
        self.at("10:40")
        self.tell_who_sees_what(hers)

        self.at("11:00")
        self.move(hafenlicht, hers, "applied", "screening", "strong C")
        self.set_notes(hafenlicht, hers, "Ask about the years in Дніпро.")
        self.move(hafenlicht, ipeks, "applied", "screening", "no C yet")
        self.reject(hafenlicht, his, "compresses, but does not store", "We look for years with PostgreSQL.")
        self.say("Hafenlicht Logistik screens two, and rejects Richard Hendriks.")
        self.read_rejection(richard, his)
        self.tell_of_interviews(hers)
        self.tell_of_the_decision(hers, ipeks, sakuras)

        self.at("17:00")
        self.read_notifications(olena)
        self.write_mail(olena, "hired", "Welcome")
        self.say(f"The day's mail is sent: {self.send_mail()}.")
        self.at("17:30")
        self.look_at_dashboards(hafenlicht, olena)
        self.measure("applications_a_day", 15, "rows")


# ---- How many rows the day has added to each table -------------------------------------------------------------------

def count_rows(service: Connection) -> List[Any]:
    """Of each table its name, how many rows it has, and how many milliseconds that took."""
    counted = []
    for table in tables.ALL:
        if not table._info.is_view:
            start = time.perf_counter()
            rows = service.aggregate(table.where().measure(rows=count()))[0].rows
            counted.append((table._info.name, rows, (time.perf_counter() - start) * 1000))
    return counted


def tell_the_rows(before: List[Any], after: List[Any]) -> None:
    added = [(name, rows - old, took) for (name, old, _), (_, rows, took) in zip(before, after)]
    print(f"\n{'table':24} {'rows':>6} {'counted in':>12}")
    for name, rows, took in added:
        print(f"{name:24} {rows:6} {took:9.1f} ms")
    print(f"{'all':24} {sum(one[1] for one in added):6} {sum(one[2] for one in added):9.1f} ms")
    if not all(rows for _, rows, _ in added):
        raise SystemExit("story.py: a table has been left out")


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: story.py FOLDER, with HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN", file=sys.stderr)
        return 2
    began = time.perf_counter()
    try:
        with hotgigs.connect(os.environ.get("HOTGIGS_SERVICE_DSN", "")) as service, \
                hotgigs.connect(os.environ.get("HOTGIGS_TENANT_DSN", "")) as tenant:
            before = count_rows(service)
            Day(service, tenant).tell(Path(sys.argv[1]))
            trips, peoples = service.stats["round_trips"], tenant.stats["round_trips"]
            print(f"\nThe day took {(time.perf_counter() - began) * 1000:.1f} ms and {trips + peoples} round trips, "
                  f"{peoples} of them by the people.")
            tell_the_rows(before, count_rows(service))
    except hotgigs.ConflictError as error:
        print(f"story.py: {error}; has this database had the day already?", file=sys.stderr)
        return 1
    except hotgigs.Error as error:
        print(f"story.py: {hotgigs.status_name(error.status)}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
