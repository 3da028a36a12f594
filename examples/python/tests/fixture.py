"""What the tests share: connections by the logins of HOTGIGS_TEST_..._DSN, and rows to begin with.

A test's connection is in a transaction that is rolled back, so that nothing is left behind.
"""

import os
import unittest
import uuid

import hotgigs

SERVICE_DSN = os.environ["HOTGIGS_TEST_SERVICE_DSN"]
LOGIN_DSN = os.environ["HOTGIGS_TEST_LOGIN_DSN"]


def a_user(connection, **columns):
    columns = {"email": f"{uuid.uuid4()}@example.com", "user_type": "candidate", **columns}
    return connection.users.insert(**columns)


def a_company(connection, **columns):
    name = str(uuid.uuid4())
    return connection.companies.insert(**{"name": name, "slug": name, **columns})


def a_job(company, **columns):
    """The columns of a job."""
    return {"company_id": company.id, "title": "Engineer", "slug": str(uuid.uuid4()), "description": "Builds.",
            "job_type": "full_time", **columns}


class InTransaction(unittest.TestCase):
    def setUp(self):
        self.service = hotgigs.connect(SERVICE_DSN)
        self.addCleanup(self.service.close)
        self.service.begin()
