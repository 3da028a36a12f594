"""Rows and what is written of them: what was not read, NULL, versions, lists, streams, related rows, JSON."""

import copy
import dataclasses
import datetime
import pickle
import struct
import sys
import uuid

import hotgigs
from hotgigs import NOT_LOADED, jobs, rows, tables

from .fixture import LOGIN_DSN, InTransaction, a_company, a_job, a_user


class Rows(InTransaction):
    def setUp(self):
        super().setUp()
        self.company = a_company(self.service)

    def some_jobs(self, count, **columns):
        return self.service.jobs.insert_many([a_job(self.company, salary_min=i, **columns) for i in range(count)])

    def mine(self):
        return jobs.where(jobs.company_id == self.company.id)

    def test_columns_that_were_not_asked_for_are_not_loaded(self):
        self.some_jobs(1)
        row, = self.service.jobs.find(self.mine().columns(jobs.title, jobs.requirements))
        self.assertEqual(row.title, "Engineer")
        self.assertIsNone(row.requirements, "NULL is not the same as not loaded")
        self.assertIs(row.description, NOT_LOADED)
        self.assertIs(row.skills, NOT_LOADED)
        self.assertEqual([hotgigs.is_loaded(row, one) for one in ("title", "requirements", "skills")],
                         [True, True, False])
        self.assertEqual(set(hotgigs.as_dict(row)), {"id", "title", "requirements"})

    def test_columns_may_lie_in_any_order(self):
        job = hotgigs.Job._info
        salaries = [column for column in job.columns if column.field in ("salary_min", "salary_max")]
        swapped = [column._replace(ordinal=i, offset=40 - 4 * i) for i, column in enumerate(salaries)]
        info = dataclasses.replace(job, columns=tuple(swapped), row_size=48, unknown_offset=0)
        data = struct.pack("=IIQQQiiii", 48, 0, 7, 0, 3, 0, 2, 1, 0)
        row, = rows.Reader(info, "Swapped", {}, __name__)._decoder(3, 48)(data)
        self.assertEqual((row.salary_min, row.salary_max, row.row_version), (1, 2, 7))

    def test_columns_that_a_role_may_not_read_are_not_loaded(self):
        job, = self.some_jobs(1)
        readers = {c.field for c in job._info.columns if c.readers >> hotgigs.Role.ANON & 1}
        self.service.commit()
        with hotgigs.connect(LOGIN_DSN) as anon:
            seen = anon.jobs.get(job.id)
        self.service.jobs.delete(job.id)
        self.service.companies.delete(self.company.id)
        self.assertEqual(set(hotgigs.as_dict(seen)), readers)
        self.assertIs(seen.ai_generated_content, NOT_LOADED)

    def test_a_row_does_not_change(self):
        job, = self.some_jobs(1)
        for column in ("title", "skills", "row_version", "unheard_of"):
            with self.assertRaises(AttributeError, msg=column):
                setattr(job, column, "x")
        with self.assertRaises(AttributeError):
            del job.title
        with self.assertRaises(TypeError):
            hotgigs.Job()

    def test_rows_are_equal_by_value_and_can_be_pickled(self):
        job, = self.some_jobs(1)
        again = self.service.jobs.get(job.id)
        self.assertEqual(job, again)
        self.assertIsNot(job, again)
        self.assertEqual(pickle.loads(pickle.dumps(job)), job)
        self.assertEqual(copy.deepcopy(job), job)
        self.assertNotEqual(job, self.service.jobs.update(job.id, title="Another"))
        self.assertIn("title='Engineer'", repr(job))

    def test_a_row_that_changed_since_it_was_read_is_a_conflict(self):
        job, = self.some_jobs(1)
        self.service.commit()                # updated_at is the transaction's time
        self.assertGreater(job.row_version, 0)
        changed = self.service.jobs.update(job, title="First")
        with self.assertRaises(hotgigs.ConflictError):
            self.service.jobs.update(job, title="Second")
        self.service.jobs.update(changed, title="Third")
        self.assertEqual(self.service.jobs.update(job.id, title="Whatever it was").title, "Whatever it was")
        self.service.jobs.delete(job)
        self.service.companies.delete(self.company.id)

    def test_lists_are_lists_in_the_order_of_the_query(self):
        made = self.some_jobs(100)
        self.assertEqual([job.salary_min for job in made], list(range(100)), "insert_many gives them in their order")
        found = self.service.jobs.find(self.mine().order(jobs.salary_min.desc()).limit(10))
        self.assertEqual([job.salary_min for job in found], list(range(99, 89, -1)))
        self.assertEqual(found[0], made[99])
        self.assertIsInstance(found, list)
        self.assertEqual(self.service.jobs.find(jobs.where(jobs.id == uuid.uuid4())), [])
        self.assertEqual({job.id for job in self.service.jobs.get_many([made[3].id, made[7].id, uuid.uuid4()])},
                         {made[3].id, made[7].id})

    def test_a_row_costs_fewer_calls_than_it_has_columns_and_none_of_the_library(self):
        self.some_jobs(210, skills=["sql"], seo_keywords=["one", "two"])

        def calls(rows):
            query, seen = self.mine().limit(rows), []
            self.service.jobs.find(query)               # what is made once is made

            def profile(frame, event, what):
                if event in ("call", "c_call"):
                    seen.append(frame.f_code.co_name if event == "call" else what.__name__)
            sys.setprofile(profile)
            try:
                self.assertEqual(len(self.service.jobs.find(query)), rows)
            finally:
                sys.setprofile(None)
            return seen

        few, many = calls(10), calls(210)
        a_row = (len(many) - len(few)) / 200
        self.assertLess(a_row, len(hotgigs.Job._info.columns))
        self.assertEqual(many.count("call"), few.count("call"), "calls of the library")

    def test_streams_give_rows_one_by_one(self):
        self.some_jobs(50)
        query = self.mine().order(jobs.salary_min)
        with self.service.jobs.stream(query) as stream:
            self.assertEqual(next(stream).salary_min, 0)
            self.assertEqual([job.salary_min for job in stream], list(range(1, 50)))
            self.assertEqual(list(stream), [], "at its end it stays there")
        self.assertEqual(list(self.service.jobs.stream(query)), self.service.jobs.find(query))

    def test_a_stream_that_is_left_early_leaves_the_connection_usable(self):
        self.some_jobs(50)
        for _ in range(3):
            with self.service.jobs.stream(self.mine()) as stream:
                next(stream)
            self.assertEqual(self.service.jobs.count(self.mine()), 50)

    def test_pages_by_cursor(self):
        self.some_jobs(7)
        query, seen, cursor = self.mine().order(jobs.salary_min).limit(3), [], None
        while True:
            page = self.service.jobs.find(query.after(cursor) if cursor else query)
            seen += [job.salary_min for job in page]
            if len(page) < 3:
                break
            cursor = page.cursor(-1)
        self.assertEqual(seen, list(range(7)))
        before = self.service.jobs.find(query.before(self.service.jobs.find(query.after(cursor)).cursor(0)))
        self.assertEqual([job.salary_min for job in before], [3, 4, 5])

    def test_related_rows(self):
        first, second = self.some_jobs(2)
        for level, name in enumerate(("C", "SQL")):
            self.service.job_skills.insert(job_id=first.id, skill_name=name)
        found = self.service.jobs.find(self.mine().order(jobs.salary_min))
        skills = self.service.jobs.related(found, "job_skills")
        self.assertEqual([{skill.skill_name for skill in part} for part in skills], [{"C", "SQL"}, set()])
        one_each = self.service.jobs.related(found, "job_skills", hotgigs.job_skills.where(skill_name="SQL").limit(1))
        self.assertEqual([[skill.skill_name for skill in part] for part in one_each], [["SQL"], []])
        companies = self.service.jobs.related(found, "company")
        self.assertEqual([company.id for company in companies], [self.company.id] * 2)
        self.assertEqual(self.service.jobs.related(found, "posted_by"), [None, None])
        with self.assertRaisesRegex(hotgigs.InvalidError, "no relation"):
            self.service.jobs.related(found, "weather")

    def test_to_json_and_back(self):
        job = self.service.jobs.insert(**a_job(self.company, skills=[1, {"a": None}], seo_keywords=["x", None],
                                               application_deadline=datetime.datetime(2026, 1, 2, 3, 4, 5, 6,
                                                                                      datetime.timezone.utc)))
        again, = jobs.from_json(jobs.to_json(job))
        self.assertEqual(again, tables.verbatim(job))
        with self.assertRaises(hotgigs.InvalidError):
            jobs.from_json('{"unheard_of": 1}')
        self.assertEqual(jobs.from_json('[{"title": "a"}, {"title": null}]'), [{"title": "a"}, {"title": None}])

    def test_rows_to_write_must_set_the_same_columns(self):
        some = [a_job(self.company), {**a_job(self.company), "location": "Zürich"}]
        with self.assertRaisesRegex(hotgigs.InvalidError, "jobs.location: row 1 does not set"):
            self.service.jobs.insert_many(some)
        with self.assertRaisesRegex(hotgigs.InvalidError, "jobs: there is no salary"):
            self.service.jobs.insert(**a_job(self.company, salary=1))
        self.assertEqual(self.service.jobs.insert_many([]), [])

    def test_insert_many_with_texts_nulls_and_lists(self):
        wanted = [a_job(self.company, location=None if i % 3 else f"place {i}", seo_keywords=[str(i)] * (i % 4),
                      skills=[i]) for i in range(200)]
        made = self.service.jobs.insert_many(wanted)
        for row, job in zip(wanted, made):
            self.assertEqual((job.slug, job.location, job.seo_keywords, job.skills),
                             (row["slug"], row["location"], row["seo_keywords"], row["skills"]))

    def test_upsert_by_a_unique_key(self):
        user = a_user(self.service)
        self.assertEqual(self.service.users.upsert("email", email=user.email, user_type="company").id, user.id)
        other = self.service.users.upsert_many("email", [{"email": user.email, "user_type": "candidate"}])
        self.assertEqual(other[0].user_type, "candidate")
        with self.assertRaisesRegex(hotgigs.InvalidError, "no unique key"):
            self.service.users.upsert("shoe_size", email="x")

    def test_update_and_delete_where(self):
        self.some_jobs(5)
        self.assertEqual(self.service.jobs.update_where(self.mine().where(jobs.salary_min < 3), 10, title="Low"), 3)
        self.assertEqual(self.service.jobs.count(self.mine().where(title="Low")), 3)
        with self.service.savepoint(), self.assertRaises(hotgigs.StateError):
            self.service.jobs.delete_where(self.mine(), 4)
        self.assertEqual(self.service.jobs.delete_where(self.mine(), 5), 5)
        self.assertFalse(self.service.jobs.exists(self.mine()))

    def test_a_batch_is_one_round_trip(self):
        before = self.service.stats["round_trips"]
        with self.service.batch():
            for i in range(20):
                self.assertIsNone(self.service.jobs.insert(**a_job(self.company)))
        self.assertEqual(self.service.stats["round_trips"], before + 1)
        self.assertEqual(self.service.jobs.count(self.mine()), 20)

    def test_a_batch_says_which_write_failed(self):
        key = uuid.uuid4()
        with self.assertRaises(hotgigs.ConflictError) as caught:
            with self.service.batch():
                for one in (uuid.uuid4(), key, key):
                    self.service.jobs.insert(**a_job(self.company, id=one))
        self.assertEqual(caught.exception.failed, 2)

    def test_a_batch_that_is_given_up_leaves_the_connection(self):
        company = self.company.id
        self.service.commit()
        with self.assertRaises(ZeroDivisionError), self.service.batch():
            self.service.jobs.insert(**a_job(self.company))
            raise ZeroDivisionError
        self.assertFalse(self.service.jobs.exists(self.mine()))
        self.service.companies.delete(company)

    def test_a_view_is_read_and_not_written(self):
        job, = self.some_jobs(1, is_public=True)
        self.service.commit()
        with hotgigs.connect(LOGIN_DSN) as anon:
            card = anon.job_cards.get(job.id)
        self.service.jobs.delete(job.id)
        self.service.companies.delete(self.company.id)
        self.assertEqual(card.title, job.title)
        self.assertIs(type(card.job_type), hotgigs.JobJobType)
        with self.assertRaises(AttributeError):
            self.service.job_cards.insert(title="x")
