"""Operations: a function for each, and what comes back of each kind."""

import datetime
import inspect
import unittest
import uuid

import hotgigs
from hotgigs import Role, describe, operations

from .fixture import LOGIN_DSN, SERVICE_DSN, InTransaction, a_company, a_job, a_user


class All(unittest.TestCase):
    def test_every_operation_is_a_function_with_a_docstring(self):
        known = list(describe.operations())
        self.assertGreater(len(known), 100)
        for info in known:
            function = getattr(operations, info.name)
            self.assertTrue(inspect.isfunction(function), info.name)
            self.assertIn(info.comment, function.__doc__)
            parameters = list(inspect.signature(function).parameters)
            self.assertEqual(parameters, ["connection", *(column.field for column in info.params.columns)])

    def test_names_do_not_hide_each_other(self):
        for info in describe.tables():
            fields = {column.field for column in info.columns}
            for name in vars(hotgigs.Table):
                self.assertNotIn(name, fields, f"column {name} of {info.name} hides what every table has")
            self.assertFalse(fields & {"row_version"})
        doors = {info.name for info in describe.tables()}
        self.assertFalse(doors & set(vars(hotgigs.Connection)), "a table hides what every connection has")


class Some(InTransaction):
    def test_what_comes_back_of_each_kind(self):
        company = a_company(self.service)
        job = self.service.jobs.insert(**a_job(company, is_public=True))
        self.assertIsNone(operations.job_count_view(self.service, job_id=job.id))
        row = operations.job_set_state(self.service, job_id=job.id, is_public=False)
        self.assertEqual((row.id, row.is_public, row.employment_status), (job.id, False, "open"))
        self.assertEqual(type(row).__name__, "JobSetStateRow")
        people = operations.user_admin_list(self.service, at_most=3)
        self.assertIsInstance(people, list)
        self.assertLessEqual(len(people), 3)
        self.assertGreaterEqual(operations.notification_purge(self.service, **self.purge()), 0)

    @staticmethod
    def purge():
        """All its parameters, whatever they are."""
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=3650)
        return {column.field: now if column.kind == "TIMESTAMP" else 1
                for column in operations.INFOS["notification_purge"].params.columns}

    def test_not_found_and_invalid(self):
        with self.assertRaises(hotgigs.NotFoundError):
            operations.job_set_state(self.service, job_id=uuid.uuid4())
        with self.assertRaises(hotgigs.InvalidError) as caught:
            operations.job_set_state(self.service)
        self.assertEqual(caught.exception.column, "job_id")
        with self.assertRaisesRegex(hotgigs.InvalidError, "job_set_state: there is no colour"):
            operations.job_set_state(self.service, job_id=uuid.uuid4(), colour="red")
        with self.assertRaises(hotgigs.InvalidError):
            operations.job_set_state(self.service, job_id="x")

    def test_a_role_that_may_not_is_denied(self):
        with hotgigs.connect(LOGIN_DSN) as anon, self.assertRaises(hotgigs.DeniedError):
            operations.job_set_state(anon, job_id=uuid.uuid4(), is_public=True)

    def test_the_rows_of_a_table_are_its_own(self):
        of_tables = [name for name, info in operations.INFOS.items() if info.row_table >= 0]
        self.assertTrue(of_tables)
        for name in of_tables:
            self.assertIs(operations.READERS[name].row, getattr(hotgigs, operations.READERS[name].row.__name__))
