"""A person's document piece by piece, its import, and the ledger of erasures."""

import datetime
import hashlib
import json
import os
import tempfile
import unittest
import uuid

import hotgigs
from hotgigs import Role, operations, privacy

from .fixture import LOGIN_DSN, SERVICE_DSN, a_user


class Documents(unittest.TestCase):
    def setUp(self):
        self.service = hotgigs.connect(SERVICE_DSN)
        self.addCleanup(self.service.close)
        self.user = a_user(self.service, first_name="Grace", last_name="Hopper")
        self.addCleanup(self.service.users.delete, self.user.id)

    def test_pieces_are_a_document_with_a_sum(self):
        with privacy.export(self.service, self.user.id) as document:
            with self.assertRaises(hotgigs.StateError):
                document.sha256
            pieces = list(document)
            said = document.sha256
        with self.assertRaises(hotgigs.StateError):
            document.sha256

        text = b"".join(pieces)
        self.assertEqual(hashlib.sha256(text).digest(), said)
        parsed = json.loads(text)
        self.assertEqual((parsed["user_id"], parsed["scope"]), (str(self.user.id), "access"))
        self.assertEqual(parsed["tables"]["users"][0]["last_name"], "Hopper")
        self.service.ping()

    def test_a_long_document_comes_in_pieces_and_may_be_left(self):
        candidate = self.service.candidate_profiles.insert(user_id=self.user.id)
        self.service.candidate_experiences.insert_many(
            {"candidate_id": candidate.id, "company_name": "X", "job_title": "Y", "description": "long " * 2000,
             "start_date": datetime.date(2020, 1, 1)} for _ in range(20))
        with privacy.export(self.service, self.user.id) as document:
            self.assertLess(len(next(document)), 100_000)
        self.service.ping()
        with privacy.export(self.service, self.user.id) as document:
            self.assertGreater(len(list(document)), 2)

    def test_only_ones_own(self):
        with hotgigs.connect(LOGIN_DSN) as tenant, tenant.session(Role.CANDIDATE, self.user.id):
            with privacy.export(tenant, self.user.id, privacy.Scope.PORTABLE) as document:
                self.assertEqual(json.loads(b"".join(document))["scope"], "portability")
            with self.assertRaises(hotgigs.NotFoundError):
                privacy.export(tenant, uuid.uuid4())
        with self.assertRaises(hotgigs.InvalidError):
            privacy.export(self.service, "x")


class Erased(unittest.TestCase):
    def setUp(self):
        self.service = hotgigs.connect(SERVICE_DSN)
        self.addCleanup(self.service.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.ledger = os.path.join(folder.name, "erased")

    def document_of(self, user):
        with privacy.export(self.service, user.id, privacy.Scope.PORTABLE) as document:
            return b"".join(document), document.sha256

    def test_erased_imported_and_erased_again(self):
        user = a_user(self.service, first_name="Grace")
        text, sum_ = self.document_of(user)

        report = privacy.ledger_erase(self.service, self.ledger, user_id=user.id, is_delete=True)

        self.assertEqual((report.user_id, report.mode), (user.id, "delete"))
        with open(self.ledger, encoding="ascii") as file:
            self.assertEqual(file.read().split()[1:], [str(user.id), "delete"])
        with self.assertRaises(hotgigs.InvalidError):
            privacy.import_document(self.service, text, bytes(32))
        with self.assertRaisesRegex(hotgigs.InvalidError, "sha256 has 5 bytes"):
            privacy.import_document(self.service, text, b"short")
        self.assertGreaterEqual(privacy.import_document(self.service, text, sum_), 1)
        self.assertEqual(self.service.users.get(user.id).first_name, "Grace")

        tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        self.assertEqual(privacy.ledger_replay(self.service, self.ledger, tomorrow), [])
        lines = privacy.ledger_replay(self.service, self.ledger)
        self.assertEqual([(one.line, one.user_id, one.outcome) for one in lines], [(1, user.id, "erased")])
        with self.assertRaises(hotgigs.NotFoundError):
            self.service.users.get(user.id)

    def test_what_cannot_be(self):
        user = a_user(self.service)
        self.addCleanup(self.service.users.delete, user.id)
        with self.assertRaises(hotgigs.InvalidError):
            privacy.ledger_erase(self.service, os.path.join(self.ledger, "not", "there"), user_id=user.id)
        with self.assertRaises(hotgigs.InvalidError):
            privacy.ledger_replay(self.service, self.ledger)
        operations.privacy_hold(self.service, user_id=user.id, reason="a lawsuit")
        with self.assertRaises(hotgigs.HeldError):
            privacy.ledger_erase(self.service, self.ledger, user_id=user.id)
        operations.privacy_hold(self.service, user_id=user.id)
