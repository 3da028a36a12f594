"""On whose behalf, transactions, the loop that repeats them, the pool, threads, deadlines."""

import concurrent.futures
import threading
import time
import unittest
import uuid

import hotgigs
from hotgigs import Role, jobs, users

from .fixture import LOGIN_DSN, SERVICE_DSN, a_company, a_job, a_user


class WithRows(unittest.TestCase):
    """Tests that more than one connection takes part in: their rows are removed at the end."""

    def setUp(self):
        self.service = hotgigs.connect(SERVICE_DSN)
        self.addCleanup(self.service.close)

    def user(self, **columns):
        user = a_user(self.service, **columns)
        self.addCleanup(self.service.users.delete, user.id)
        return user

    def company(self):
        company = a_company(self.service)
        self.addCleanup(self.service.companies.delete, company.id)
        return company


class Sessions(WithRows):
    def test_a_session_sees_what_its_user_may(self):
        user, other = self.user(), self.user()
        with hotgigs.Pool(LOGIN_DSN, max_size=1) as pool:
            with pool.session(Role.CANDIDATE, user.id, action="test.look", ip="192.0.2.1") as s:
                self.assertEqual(s.role, Role.CANDIDATE)
                self.assertEqual([one.id for one in s.users.find(users.where())], [user.id])
                with self.assertRaises(hotgigs.NotFoundError):
                    s.users.get(other.id)
            with pool.connection() as connection:
                self.assertEqual(connection.role, Role.ANON, "nothing of a session stays in the pool")
                with connection.session(Role.CANDIDATE, other.id):
                    self.assertEqual(connection.users.get(other.id).id, other.id)
                self.assertEqual(connection.role, Role.ANON)

    def test_an_identity_that_is_none(self):
        with hotgigs.connect(LOGIN_DSN) as connection:
            for arguments in ((99, uuid.uuid4()), (Role.CANDIDATE, None)):
                with self.assertRaises(hotgigs.InvalidError):
                    connection.enter(*arguments)
            with self.assertRaisesRegex(hotgigs.InvalidError, "action has more than"):
                connection.enter(Role.ANON, action="x" * 1000)
            connection.enter(Role.ANON, user_agent="ü" * 1000)


class Transactions(WithRows):
    def test_a_transaction_commits(self):
        with self.service.transaction() as tx:
            self.assertIs(tx, self.service)
            self.assertTrue(tx.in_transaction)
            user = a_user(tx)
        self.assertFalse(self.service.in_transaction)
        self.assertEqual(self.service.users.get(user.id).id, user.id)
        self.service.users.delete(user.id)

    def test_an_exception_rolls_back(self):
        with self.assertRaises(ZeroDivisionError):
            with self.service.transaction():
                user = a_user(self.service)
                1 / 0
        self.assertFalse(self.service.in_transaction)
        self.assertFalse(self.service.users.exists(users.where(id=user.id)))

    def test_a_failed_statement_rolls_back_and_is_what_comes_out(self):
        user = self.user()
        with self.assertRaises(hotgigs.ConflictError):
            with self.service.transaction():
                a_user(self.service, email=user.email)
        self.service.ping()

    def test_a_transaction_in_a_transaction_is_refused(self):
        with self.service.transaction():
            with self.assertRaises(hotgigs.StateError):
                with self.service.transaction():
                    pass

    def test_a_savepoint_saves_the_transaction(self):
        user = self.user()
        with self.service.transaction():
            with self.assertRaises(hotgigs.ConflictError):
                with self.service.savepoint():
                    a_user(self.service, email=user.email)
            self.assertEqual(self.service.users.get(user.id), user)

    def test_read_only(self):
        with self.assertRaises(hotgigs.Error):
            with self.service.transaction(read_only=True):
                a_user(self.service)


class Attempts(WithRows):
    def test_a_body_that_succeeds_is_run_once(self):
        runs = 0
        for attempt in self.service.attempts():
            with attempt:
                runs += 1
                user = a_user(self.service)
        self.assertEqual(runs, 1)
        self.service.users.delete(user.id)

    def test_two_that_cannot_both_be_serialized_both_succeed(self):
        user = self.user(first_name="")
        meet = threading.Barrier(2, timeout=20)
        runs = []

        def add(letter):
            with hotgigs.connect(SERVICE_DSN) as connection:
                for attempt in connection.attempts(isolation=hotgigs.Isolation.SERIALIZABLE, min_delay_ms=1):
                    with attempt:
                        runs.append(letter)
                        name = connection.users.get(user.id).first_name
                        if attempt.number == 1:
                            meet.wait()
                        connection.users.update(user.id, first_name=name + letter)

        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            for one in [threads.submit(add, letter) for letter in "ab"]:
                one.result()
        self.assertIn(self.service.users.get(user.id).first_name, ("ab", "ba"))
        self.assertGreaterEqual(len(runs), 3, "one of the two had to be repeated")

    def test_a_commit_that_cannot_be_serialized_is_repeated(self):
        name, meet, runs = str(uuid.uuid4()), threading.Barrier(2, timeout=20), []

        def add(letter):
            with hotgigs.connect(SERVICE_DSN) as connection:
                for attempt in connection.attempts(isolation=hotgigs.Isolation.SERIALIZABLE, min_delay_ms=1):
                    with attempt:
                        runs.append(letter)
                        there = connection.users.count(users.where(last_name=name))
                        a_user(connection, last_name=name, first_name=str(there))
                        if attempt.number == 1:
                            meet.wait()         # both have read and written; only now they commit

        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            for one in [threads.submit(add, letter) for letter in "ab"]:
                one.result()
        made = self.service.users.find(users.where(last_name=name))
        self.service.users.delete_where(users.where(last_name=name), 2)
        self.assertEqual(sorted(user.first_name for user in made), ["0", "1"], "as if one had come after the other")
        self.assertEqual(len(runs), 3)

    def test_what_repeating_cannot_cure_comes_out_at_once(self):
        runs = 0
        with self.assertRaises(hotgigs.NotFoundError):
            for attempt in self.service.attempts():
                with attempt:
                    runs += 1
                    self.service.users.get(uuid.uuid4())
        self.assertEqual(runs, 1)
        self.assertFalse(self.service.in_transaction)
        with self.assertRaises(ZeroDivisionError):
            for attempt in self.service.attempts():
                with attempt:
                    1 / 0
        self.assertFalse(self.service.in_transaction)

    def test_attempts_are_used_up(self):
        user, runs = self.user(), 0
        with hotgigs.connect(SERVICE_DSN) as other, self.assertRaises(hotgigs.RetryError) as caught:
            for attempt in self.service.attempts(isolation=hotgigs.Isolation.REPEATABLE_READ, max_attempts=3,
                                                 min_delay_ms=1, max_delay_ms=2):
                with attempt:
                    runs += 1
                    self.service.users.get(user.id)
                    other.users.update(user.id, first_name=str(runs))       # behind the snapshot
                    self.service.users.update(user.id, first_name="mine")
        self.assertEqual(runs, 3)
        self.assertTrue(caught.exception.retryable)


class Threads(WithRows):
    def test_eight_threads_share_a_pool(self):
        company = self.company()
        made = self.service.jobs.insert_many([a_job(company, salary_min=i) for i in range(64)])
        self.addCleanup(self.service.jobs.delete_where, jobs.where(company_id=company.id), 100)

        def work(pool, i):
            with pool.connection() as connection:
                job = connection.jobs.get(made[i % 64].id)
                rows = connection.jobs.find(jobs.where(company_id=company.id).order(jobs.salary_min))
                return job.salary_min == i % 64 and [row.salary_min for row in rows] == list(range(64))

        with hotgigs.Pool(SERVICE_DSN, max_size=8) as pool, concurrent.futures.ThreadPoolExecutor(8) as threads:
            self.assertTrue(all(threads.map(lambda i: work(pool, i), range(200))))
            self.assertLessEqual(pool.stats["open"], 8)
            self.assertEqual(pool.stats["acquired"], 200)

    def test_errors_of_threads_do_not_mix(self):
        def work(pool, i):
            with pool.connection() as connection:
                try:
                    connection.users.get(uuid.UUID(int=i + 1)) if i % 2 else connection.jobs.get(uuid.UUID(int=i + 1))
                except hotgigs.NotFoundError as error:
                    return error.table == ("users" if i % 2 else "jobs")

        with hotgigs.Pool(SERVICE_DSN, max_size=8) as pool, concurrent.futures.ThreadPoolExecutor(8) as threads:
            self.assertTrue(all(threads.map(lambda i: work(pool, i), range(200))))

    def test_other_threads_run_while_a_call_waits(self):
        user = self.user()
        ticks = 0
        with hotgigs.connect(SERVICE_DSN) as other:
            self.service.begin()
            self.service.users.update(user.id, first_name="locked")
            waiter = threading.Thread(target=lambda: other.users.update(user.id, first_name="waited"))
            waiter.start()
            until = time.monotonic() + 0.3
            while time.monotonic() < until:
                ticks += 1
            self.assertTrue(waiter.is_alive(), "it waits for the row")
            self.service.commit()
            waiter.join(20)
        self.assertGreater(ticks, 1000)
        self.assertEqual(self.service.users.get(user.id).first_name, "waited")

    def test_a_full_pool_says_so_in_time(self):
        with hotgigs.Pool(SERVICE_DSN, max_size=1) as pool, pool.connection():
            with self.assertRaises(hotgigs.CancelledError):
                pool.connection(wait_ms=10)
        with self.assertRaises(hotgigs.StateError):
            pool.connection()

    def test_a_deadline_and_a_cancel_end_a_call(self):
        user = self.user()
        for end in ("deadline", "cancel"):
            with hotgigs.connect(SERVICE_DSN) as other:
                self.service.begin()
                self.service.users.update(user.id, first_name="locked")
                timer = threading.Timer(0.1, other.cancel)
                if end == "deadline":
                    other.set_timeout(100)
                else:
                    timer.start()
                with self.assertRaises(hotgigs.CancelledError):
                    other.users.update(user.id, first_name="waited")
                timer.cancel()
                self.service.rollback()
                other.ping()
