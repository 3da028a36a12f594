"""Filters of every kind, groups of filters, order, aggregates."""

import datetime
import decimal
import uuid

import hotgigs
from hotgigs import avg, count, jobs, max_, users

from .fixture import InTransaction, a_company, a_job, a_user

UTC = datetime.timezone.utc


class Queries(InTransaction):
    def setUp(self):
        super().setUp()
        self.company = a_company(self.service)
        self.service.jobs.insert_many([
            a_job(self.company, title=title, salary_min=salary, remote_type=remote, is_featured=featured, skills=skills,
                  seo_keywords=words, application_deadline=datetime.datetime(2026, 1, day, 12, tzinfo=UTC))
            for title, salary, remote, featured, skills, words, day in (
                ("Alpha", 10, "remote", True, ["c", {"x": "1"}], ["a", "b"], 1),
                ("Beta 100%", 20, "hybrid", False, {"lang": {"name": "py"}}, ["b"], 2),
                ("Gamma", None, None, False, [], [], 2))])

    def titles(self, *filters, **equal):
        query = jobs.where(jobs.company_id == self.company.id).where(*filters, **equal).order(jobs.title)
        return " ".join(job.title[0] for job in self.service.jobs.find(query))

    def test_filters_of_every_kind(self):
        day = datetime.datetime(2026, 1, 2, tzinfo=UTC)
        for want, one in (
                ("A", jobs.title == "Alpha"), ("B G", jobs.title != "Alpha"), ("B", jobs.title.contains("0%")),
                ("", jobs.title.contains("_")), ("A", jobs.title.startswith("Al")),
                ("A G", jobs.title.in_(["Alpha", "Gamma"])),
                ("", jobs.title.in_([])), ("A", jobs.salary_min < 20), ("A B", jobs.salary_min <= 20),
                ("B", jobs.salary_min > 10), ("A B", jobs.salary_min >= 10), ("G", jobs.salary_min.is_null()),
                ("G", jobs.salary_min == None), ("A B", jobs.salary_min != None),  # noqa: E711
                ("A B", jobs.salary_min.in_([10, 20, 30])), ("A", jobs.remote_type == "remote"),
                ("A B", jobs.remote_type.in_([hotgigs.JobRemoteType.REMOTE, "hybrid"])),
                ("A", jobs.is_featured == True), ("B G", jobs.is_featured == False),  # noqa: E712
                ("A", jobs.application_deadline < day), ("B G", jobs.application_deadline >= day),
                ("A", jobs.skills.includes(["c"])), ("A", jobs.skills.has_key("c")),
                ("A B", jobs.skills.has_any(["c", "lang"])), ("", jobs.skills.has_all(["c", "lang"])),
                ("B", jobs.skills.path("lang", "name") == "py"), ("A", jobs.skills.path(1, "x") == "1"),
                ("A B", jobs.seo_keywords.includes(["b"])), ("A", jobs.seo_keywords.overlaps(["a", "z"])),
                ("B", jobs.seo_keywords == ["b"]), ("", jobs.id == uuid.uuid4()), ("", jobs.id.in_([uuid.uuid4()]))):
            with self.subTest(want=want, filter=one):
                self.assertEqual(self.titles(one), want)

    def test_groups_of_filters(self):
        low, remote = jobs.salary_min < 15, jobs.remote_type == "hybrid"
        self.assertEqual(self.titles(low | remote), "A B")
        self.assertEqual(self.titles(low & remote), "")
        self.assertEqual(self.titles(~low), "B G", "a row for which NULL leaves it open is not left out")
        self.assertEqual(self.titles(~(low | remote)), "G")
        with self.assertRaisesRegex(TypeError, "& | ~"):
            low and remote

    def test_equality_by_keyword(self):
        self.assertEqual(self.titles(title="Alpha", salary_min=10), "A")
        self.assertEqual(self.titles(salary_min=None), "G")
        with self.assertRaisesRegex(hotgigs.InvalidError, "there is no wage"):
            self.titles(wage=1)

    def test_a_wrong_value_names_its_column(self):
        for make in (lambda: jobs.salary_min == "10", lambda: jobs.remote_type == "moon", lambda: jobs.id == 7,
                     lambda: jobs.application_deadline < datetime.datetime(2026, 1, 1),
                     lambda: jobs.salary_min.in_(["x"]), lambda: jobs.skills.in_([1])):
            with self.assertRaises(hotgigs.InvalidError) as caught:
                make()
            self.assertIsNotNone(caught.exception.column)

    def test_an_operator_that_the_type_does_not_have(self):
        with self.assertRaises(hotgigs.InvalidError) as caught:
            self.titles(jobs.salary_min.contains("1"))
        self.assertEqual(caught.exception.column, "salary_min")
        with self.assertRaisesRegex(hotgigs.InvalidError, "another table"):
            self.service.jobs.find(jobs.where(users.email == "x"))
        with self.assertRaisesRegex(hotgigs.InvalidError, "the query is of users"):
            self.service.jobs.find(users.where())

    def test_a_query_can_be_run_again_and_changed_apart(self):
        base = jobs.where(company_id=self.company.id)
        limited = base.limit(1)
        for _ in range(2):
            self.assertEqual(len(self.service.jobs.find(base)), 3)
            self.assertEqual(len(self.service.jobs.find(limited)), 1)
        self.assertEqual(self.service.jobs.first(base.order(jobs.title.desc())).title, "Gamma")
        self.assertIsNone(self.service.jobs.first(base.where(title="none")))
        self.assertEqual(self.service.jobs.first(base.order(jobs.salary_min.asc(nulls="first"))).title, "Gamma")

    def test_dates_decimals_and_addresses(self):
        user = a_user(self.service)
        profile, past = self.service.candidate_profiles.insert(user_id=user.id), hotgigs.candidate_experiences
        row = self.service.candidate_experiences.insert(candidate_id=profile.id, company_name="x", job_title="y",
                                                        start_date=datetime.date(2026, 5, 1))
        mine = past.where(candidate_id=profile.id)
        for one, found in ((past.start_date == row.start_date, [row]), (past.start_date < row.start_date, []),
                           (past.start_date.in_([datetime.date(2026, 5, 2)]), [])):
            self.assertEqual(self.service.candidate_experiences.find(mine.where(one)), found)
        events = hotgigs.analytics_events
        event = self.service.analytics_events.insert(event_type="x", user_id=user.id, ip_address="10.1.2.3")
        self.assertEqual(self.service.analytics_events.find(
            events.where(events.ip_address.within("10.0.0.0/8"), user_id=user.id)), [event])
        recruiters = hotgigs.freelance_recruiters
        one = self.service.freelance_recruiters.insert(user_id=user.id, success_rate=decimal.Decimal("12.50"))
        for value, found in (("12.5", [one]), ("12.51", [])):
            self.assertEqual(self.service.freelance_recruiters.find(
                recruiters.where(recruiters.success_rate == decimal.Decimal(value), user_id=user.id)), found)

    def test_aggregates(self):
        mine = jobs.where(company_id=self.company.id)
        whole, = self.service.aggregate(mine.measure(n=count(), paid=count(jobs.salary_min), most=max_(jobs.salary_min),
                                                     mean=avg(jobs.salary_min)))
        self.assertEqual((whole.n, whole.paid, whole.most, whole.mean), (3, 2, 20, decimal.Decimal("15")))
        groups = self.service.aggregate(mine.group(jobs.is_featured).measure(n=count()).having("n", ">", 1))
        self.assertEqual([(group.is_featured, group.n) for group in groups], [(False, 2)])
        days = self.service.aggregate(mine.bucket(jobs.application_deadline, "day", "Europe/Zurich").measure(n=count())
                                      .order_measure("n"))
        self.assertEqual([(day.day, day.n) for day in days],
                         [(datetime.datetime(2026, 1, 1, 23, tzinfo=UTC), 2),
                          (datetime.datetime(2025, 12, 31, 23, tzinfo=UTC), 1)])
        remote = self.service.aggregate(mine.group(jobs.remote_type).measure(n=count()))
        self.assertEqual([tuple(group) for group in remote], [("hybrid", 1), ("remote", 1), (None, 1)])

    def test_an_aggregate_may_be_far(self):
        mine = jobs.where(company_id=self.company.id)
        self.service.jobs.update_where(mine.where(title="Gamma"), 1, application_deadline=hotgigs.INFINITY)
        last, = self.service.aggregate(mine.measure(last=max_(jobs.application_deadline)))
        self.assertEqual(last.last, hotgigs.INFINITY)

    def test_locks(self):
        query = jobs.where(company_id=self.company.id).lock(skip_locked=True)
        self.assertEqual(len(self.service.jobs.find(query)), 3)
