"""An exception class for each status, and what an exception knows."""

import pickle
import unittest
import uuid

import hotgigs
from hotgigs import _library, errors

from .fixture import SERVICE_DSN, InTransaction, a_company, a_job, a_user


class Classes(unittest.TestCase):
    def test_every_status_has_its_class(self):
        statuses = _library.group("HG_E_")
        self.assertEqual(set(errors.BY_STATUS), set(statuses.values()))
        for name, status in statuses.items():
            said = hotgigs.status_name(status)
            self.assertEqual(said, f"HG_E_{name}")
            self.assertTrue(errors.BY_STATUS[status].__doc__)

    def test_they_are_what_python_calls_them(self):
        for one, builtin in ((hotgigs.NotFoundError, LookupError), (hotgigs.InvalidError, ValueError),
                             (hotgigs.DeniedError, PermissionError), (hotgigs.CancelledError, TimeoutError),
                             (hotgigs.LostConnectionError, ConnectionError), (hotgigs.NoMemoryError, MemoryError)):
            self.assertTrue(issubclass(one, builtin), one)
            self.assertTrue(issubclass(one, hotgigs.Error), one)

    def test_no_server(self):
        with self.assertRaises(hotgigs.LostConnectionError) as caught:
            hotgigs.connect("host=/nowhere connect_timeout=1")
        self.assertIn("nowhere", str(caught.exception))
        with self.assertRaises(hotgigs.InvalidError):
            hotgigs.connect("no_such_keyword=1")
        with self.assertRaisesRegex(TypeError, "no option sise"):
            hotgigs.Pool(SERVICE_DSN, sise=3)

    def test_a_closed_connection(self):
        connection = hotgigs.connect(SERVICE_DSN)
        connection.close()
        connection.close()
        with self.assertRaises(hotgigs.StateError):
            connection.jobs.count()
        with self.assertRaises(hotgigs.StateError):
            connection.begin()


class Details(InTransaction):
    def test_not_found(self):
        with self.assertRaises(hotgigs.NotFoundError) as caught:
            self.service.jobs.get(uuid.uuid4())
        self.assertEqual(caught.exception.table, "jobs")
        with self.assertRaises(KeyError if False else LookupError):
            self.service.jobs.get(uuid.uuid4())

    def test_an_id_that_is_none(self):
        for value in ("x", 7, None):
            with self.assertRaises(hotgigs.InvalidError):
                self.service.jobs.get(value)

    def test_a_constraint_says_its_name_and_sqlstate(self):
        with self.assertRaises(hotgigs.ConstraintError) as caught:
            self.service.jobs.insert(**a_job(type("", (), {"id": uuid.uuid4()})))
        error = caught.exception
        self.assertEqual((error.sqlstate, error.table, error.column), ("23503", "jobs", "company_id"))
        self.assertIn("company_id", error.constraint)
        self.assertFalse(error.retryable)

    def test_a_taken_key_is_a_conflict(self):
        user = a_user(self.service)
        with self.assertRaises(hotgigs.ConflictError) as caught:
            a_user(self.service, email=user.email)
        self.assertEqual((caught.exception.column, caught.exception.sqlstate), ("email", "23505"))

    def test_what_a_role_may_not_write_is_denied_with_its_column(self):
        with self.assertRaises(hotgigs.DeniedError) as caught:
            self.service.audit_logs.update(uuid.uuid4(), action="x")
        self.assertEqual(caught.exception.table, "audit_logs")
        self.assertIsNone(caught.exception.sqlstate, "nothing was sent")
        self.assertTrue(str(caught.exception))

    def test_a_missing_column_is_named(self):
        job = a_job(a_company(self.service))
        del job["title"]
        with self.assertRaises(hotgigs.Error) as caught:
            self.service.jobs.insert(**job)
        self.assertEqual(caught.exception.column, "title")

    def test_errors_can_be_pickled(self):
        with self.assertRaises(hotgigs.NotFoundError) as caught:
            self.service.jobs.get(uuid.uuid4())
        again = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((type(again), str(again), again.table), (hotgigs.NotFoundError, str(caught.exception), "jobs"))
