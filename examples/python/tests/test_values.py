"""Every kind of value there and back, with its odd ones."""

import datetime
import decimal
import ipaddress
import pickle
import unittest
import uuid

import hotgigs
from hotgigs import Json, _decode, _encode

from .fixture import InTransaction, a_company, a_job, a_user

UTC = datetime.timezone.utc


class Values(InTransaction):
    def setUp(self):
        super().setUp()
        self.company = a_company(self.service)
        self.row = self.service.jobs.insert(**a_job(self.company))

    def there_and_back(self, column, value):
        return getattr(self.service.jobs.update(self.row.id, **{column: value}), column)

    def test_uuid_is_a_uuid(self):
        key = uuid.uuid4()
        row = self.service.jobs.insert(**a_job(self.company, id=key))
        self.assertEqual(row.id, key)
        self.assertIsInstance(row.id, uuid.UUID)
        self.assertEqual(hash(row.id), hash(key))
        self.assertEqual(str(row.id), str(key))
        self.assertEqual(pickle.loads(pickle.dumps(row.id)), key)

    def test_uuid_may_be_given_as_text(self):
        self.assertEqual(self.service.jobs.get(str(self.row.id)), self.row)

    def test_text_is_unicode_and_empty_is_not_null(self):
        for text in ("", "Ωmega 🚀", "'; DROP TABLE jobs; --", "a\nb\tc", "x" * 100_000):
            self.assertEqual(self.there_and_back("description", text), text)
        self.assertEqual(self.there_and_back("requirements", ""), "")
        self.assertIsNone(self.there_and_back("requirements", None))

    def test_times_are_utc_and_aware(self):
        zone = datetime.timezone(datetime.timedelta(hours=5, minutes=45))
        for time in (datetime.datetime(2026, 2, 28, 23, 59, 59, 999999, UTC), datetime.datetime(1, 1, 1, tzinfo=UTC),
                     datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
                     datetime.datetime(1969, 12, 31, tzinfo=zone)):
            got = self.there_and_back("application_deadline", time)
            self.assertEqual(got, time)
            self.assertIs(got.tzinfo, UTC)

    def test_time_without_zone_is_refused(self):
        with self.assertRaisesRegex(hotgigs.InvalidError, "jobs.application_deadline: .*time zone"):
            self.there_and_back("application_deadline", datetime.datetime(2026, 1, 1))

    def test_times_beyond_datetime_are_far(self):
        for time in (hotgigs.INFINITY, hotgigs.NEGATIVE_INFINITY, hotgigs.FarTime(_decode.TIME_MAX + 1),
                     hotgigs.FarTime(_decode.TIME_MIN - 1)):
            got = self.there_and_back("application_deadline", time)
            self.assertIsInstance(got, hotgigs.FarTime)
            self.assertEqual(got, time)
        self.assertEqual(str(hotgigs.FarTime(_decode.TIME_MIN - 1)), "0001-12-31T23:59:59.999999Z BC")
        self.assertEqual(str(hotgigs.INFINITY), "infinity")
        self.assertTrue(hotgigs.INFINITY.is_infinite)

    def test_far_times_are_in_order_with_datetimes(self):
        now = datetime.datetime.now(UTC)
        self.assertLess(hotgigs.NEGATIVE_INFINITY, now)
        self.assertLess(now, hotgigs.INFINITY)
        self.assertEqual(sorted([hotgigs.INFINITY, now, hotgigs.NEGATIVE_INFINITY]),
                         [hotgigs.NEGATIVE_INFINITY, now, hotgigs.INFINITY])
        self.assertNotEqual(hotgigs.INFINITY, hotgigs.INFINITE_DATE)
        self.assertEqual(pickle.loads(pickle.dumps(hotgigs.INFINITY)), hotgigs.INFINITY)

    def test_dates(self):
        profile = self.service.candidate_profiles.insert(user_id=a_user(self.service).id)
        past = self.service.candidate_experiences.insert(candidate_id=profile.id, company_name="x", job_title="y",
                                                         start_date=datetime.date(2020, 1, 1))
        for date in (datetime.date(2024, 2, 29), datetime.date.min, datetime.date.max, hotgigs.INFINITE_DATE,
                     hotgigs.NEGATIVE_INFINITE_DATE, hotgigs.FarDate(_decode.DATE_MIN - 1)):
            got = self.service.candidate_experiences.update(past.id, start_date=date).start_date
            self.assertEqual((got, type(got)), (date, type(date)))
        self.assertEqual(str(hotgigs.FarDate(_decode.DATE_MIN - 1)), "0001-12-31 BC")
        with self.assertRaisesRegex(hotgigs.InvalidError, "start_date: a datetime.date is wanted"):
            self.service.candidate_experiences.update(past.id, start_date=datetime.datetime.now(UTC))

    def test_decimals_are_exact(self):
        user = a_user(self.service)
        row = self.service.freelance_recruiters.insert(user_id=user.id)
        column = next(column for column in row._info.columns if column.kind == "DECIMAL")
        for text in ("1.25", "0.00", "-0.01", "12.00"):
            value = decimal.Decimal(text)
            got = getattr(self.service.freelance_recruiters.update(row.id, **{column.field: value}), column.field)
            self.assertEqual((got, str(got)), (value, text))
        nan = self.service.freelance_recruiters.update(row.id, **{column.field: decimal.Decimal("NaN")})
        self.assertTrue(getattr(nan, column.field).is_nan())

    def test_decimal_from_a_float_is_refused(self):
        column = "success_rate"
        with self.assertRaisesRegex(hotgigs.InvalidError, f"{column}: a decimal.Decimal or an int"):
            self.service.freelance_recruiters.update(uuid.uuid4(), **{column: 1.1})

    def test_decimal_parts(self):
        for text, parts in (("1e3", (1000, 0, 0)), ("-0.500", (-500, 3, 0)), ("NaN", (0, 0, 1)),
                            ("-Infinity", (0, 0, 3)), ("0", (0, 0, 0)), ("9223372036854775807", (2**63 - 1, 0, 0))):
            self.assertEqual(_encode.decimal_parts(decimal.Decimal(text)), parts, text)
            if parts[2] == 0:
                self.assertEqual(_decode.decimal_of(*parts), decimal.Decimal(text))
        for text in ("1e-19", "1e19", "1e999999", "9223372036854775808"):
            with self.assertRaises(ValueError, msg=text):
                _encode.decimal_parts(decimal.Decimal(text))

    def test_addresses(self):
        for value in ("192.0.2.7", "2001:db8::1", "10.1.2.3/8", "2001:db8::1/64"):
            row = self.service.analytics_events.insert(event_type="x", ip_address=value)
            want = ipaddress.ip_interface(value) if "/" in value else ipaddress.ip_address(value)
            self.assertEqual((row.ip_address, type(row.ip_address)), (want, type(want)))
        network = self.service.analytics_events.insert(event_type="x", ip_address=ipaddress.ip_network("10.0.0.0/8"))
        self.assertEqual(network.ip_address, ipaddress.ip_interface("10.0.0.0/8"))

    def test_enumerated_values_are_enumerations(self):
        row = self.service.jobs.update(self.row.id, remote_type=hotgigs.JobRemoteType.HYBRID)
        self.assertIs(row.remote_type, hotgigs.JobRemoteType.HYBRID)
        self.assertEqual(row.remote_type, "hybrid")
        self.assertEqual(f"{row.remote_type}", "hybrid")
        self.assertIs(self.there_and_back("remote_type", "remote"), hotgigs.JobRemoteType.REMOTE)
        with self.assertRaisesRegex(hotgigs.InvalidError, "remote_type: it is one of"):
            self.there_and_back("remote_type", "on the moon")

    def test_an_unknown_enumerated_value_is_its_text(self):
        texts = _encode.Heap()
        at = texts.add(b"lunarmartian")
        table = texts.add_with_pointers(_encode.struct.pack("=QQQQ", at, 5, at + 5, 7), (0, 16))
        block = texts.place()
        self.assertEqual(_decode.unknown_of(block.address + table, (1, 3)), "lunar")
        self.assertEqual(_decode.unknown_of(block.address + table, (1, -1)), "martian")

    def test_json_is_parsed_when_asked_for(self):
        for value in ([], {}, {"a": [1, 2.5, None, True]}, ["ü", {"b": {}}], "text", 7):
            self.assertEqual(self.there_and_back("skills", value), value)
        row = self.service.jobs.update(self.row.id, skills=["a"])
        row.skills.append("b")
        self.assertEqual(row.skills, ["a"], "nobody shares what was parsed")

    def test_json_null_is_not_sql_null(self):
        row = self.service.jobs.update(self.row.id, skills=Json("null"))
        self.assertIsNone(row.skills)
        self.assertEqual(hotgigs.json_text(row, "skills"), "null")
        row = self.service.jobs.update(self.row.id, skills=None)
        self.assertIsNone(hotgigs.json_text(row, "skills"))

    def test_json_numbers_are_exact_in_the_text(self):
        row = self.service.jobs.update(self.row.id, skills=Json("[9007199254740993, 0.1000000000000000055]"))
        self.assertEqual(hotgigs.json_text(row, "skills"), "[9007199254740993, 0.1000000000000000055]")

    def test_lists_of_texts(self):
        for value in ([], ["a"], ["", None, "δύο", "c,d", "NULL"], ["x"] * 100, [None] * 9):
            self.assertEqual(self.there_and_back("seo_keywords", value), value)
        self.assertIsNone(self.there_and_back("seo_keywords", None))
        with self.assertRaisesRegex(hotgigs.InvalidError, "seo_keywords: a list is wanted"):
            self.there_and_back("seo_keywords", "one")

    def test_integers_and_booleans(self):
        for value in (0, -1, 2**31 - 1, -2**31, None):
            self.assertEqual(self.there_and_back("salary_min", value), value)
        self.assertIs(self.there_and_back("is_featured", True), True)
        self.assertIs(self.there_and_back("is_featured", False), False)
        for column, value in (("salary_min", 2**31), ("salary_min", "7"), ("salary_min", True), ("is_featured", 1)):
            with self.assertRaisesRegex(hotgigs.InvalidError, f"jobs.{column}: "):
                self.there_and_back(column, value)

    def test_what_sql_refuses_in_text_is_refused_with_its_column(self):
        with self.assertRaises(hotgigs.InvalidError) as caught:
            self.there_and_back("title", "a\0b")
        self.assertEqual((caught.exception.table, caught.exception.column), ("jobs", "title"))


class NotLoaded(unittest.TestCase):
    def test_it_is_one_and_false(self):
        self.assertFalse(hotgigs.NOT_LOADED)
        self.assertIs(pickle.loads(pickle.dumps(hotgigs.NOT_LOADED)), hotgigs.NOT_LOADED)
        self.assertEqual(repr(hotgigs.NOT_LOADED), "NOT_LOADED")
