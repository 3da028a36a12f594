"""hotgigs.json, which lies beside the FFI text, says what the library says."""

import json
import os
import unittest

from hotgigs import _find, _library, describe, tables

TEXT = _find.find().text


@unittest.skipUnless(TEXT, "no FFI text")
class Json(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(os.path.dirname(TEXT), "hotgigs.json"), encoding="utf-8") as file:
            cls.file = json.load(file)

    def roles(self, names):
        return sum(1 << bit for bit, name in describe.ROLES.items() if name in names)

    def same_columns(self, said, columns):
        self.assertEqual(len(said), len(columns))
        for one, column in zip(said, columns):
            where = f"{column.name}: {one}"
            self.assertEqual((one["ordinal"], one["name"], one["field"], one["kind"]),
                             (column.ordinal, column.name, column.field, f"HG_KIND_{column.kind}"), where)
            self.assertEqual((one["offset"], one["nullable"], tuple(one["values"]), one["sql_type"], one["comment"]),
                             (column.offset, column.nullable, column.values, column.sql_type, column.comment), where)
            if "readers" in one:
                self.assertEqual([self.roles(one[key]) for key in ("readers", "inserters", "updaters")],
                                 [column.readers, column.inserters, column.updaters], where)

    def test_version(self):
        self.assertEqual(int(self.file["layout_hash"], 16), _library.function("hg_layout_hash")() % 2**64)

    def test_constants(self):
        self.assertEqual({one["name"]: one["value"] for one in self.file["constants"]}, _library.constants)

    def test_tables_and_views(self):
        known = {info.number: info for info in describe.tables()}
        said = self.file["tables"] + self.file["views"]
        self.assertEqual({one["number"]: one["name"] for one in said}, {n: info.name for n, info in known.items()})
        for one in said:
            info = known[one["number"]]
            self.assertEqual((one["singular"], one["row_size"], one["comment"], one["version_column"]),
                             (info.singular, info.row_size, info.comment, info.version_column))
            self.assertEqual([key["name"] for key in one["keys"]], list(info.keys))
            self.assertEqual([(r["name"], r["is_many"]) for r in one["relations"]],
                             [(r.name, r.is_many) for r in info.relations])
            self.assertEqual(self.roles(one["deleters"]), info.deleters)
            self.same_columns(one["columns"], info.columns)

    def test_operations(self):
        known = list(describe.operations())
        said = sorted(self.file["operations"], key=lambda one: one["number"])
        self.assertEqual([one["name"] for one in said], [info.name for info in known])
        for one, info in zip(said, known):
            self.assertEqual((one["rows"].upper(), one["writes"], self.roles(one["roles"]), one["not_found"]),
                             (info.rows, info.writes, info.roles, info.not_found), info.name)
            of = one["row_table"] and getattr(tables, one["row_table"])._info
            self.assertEqual(of.number if of else -1, info.row_table)
            self.assertEqual([column.name for column in of.columns if info.row_columns >> column.ordinal & 1] if of else [],
                             one["row_columns"], info.name)
            self.same_columns(one["params"]["columns"], info.params.columns)
            self.same_columns(one["row"]["columns"] if one["row"] else [], info.row.columns if info.row else ())

    def test_calls(self):
        for one in self.file["calls"]:
            self.assertEqual(f"{one['result']} ({', '.join(one['parameters']) or 'void'})", one["type"])
        names = {one["name"] for one in self.file["calls"]}
        self.assertIn("hg_job_get", names)
        self.assertIn("hg_job_set_state", names, "typed calls of operations, too")
