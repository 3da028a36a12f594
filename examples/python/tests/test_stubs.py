"""The stubs name what there is, and all of it."""

import ast
import inspect
import unittest
from pathlib import Path

import hotgigs
from hotgigs import operations, tables

FOLDER = Path(hotgigs.__file__).parent


def stub_of(name):
    """The classes of a stub with the names in them, its functions with their parameters, its variables."""
    classes, functions, variables = {}, {}, set()
    for node in ast.parse((FOLDER / f"{name}.pyi").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            classes[node.name] = [part.name if isinstance(part, ast.FunctionDef) else part.targets[0].id
                                  if isinstance(part, ast.Assign) else part.target.id for part in node.body
                                  if isinstance(part, (ast.FunctionDef, ast.Assign, ast.AnnAssign))]
        elif isinstance(node, ast.FunctionDef):
            functions[node.name] = [one.arg for one in node.args.posonlyargs + node.args.kwonlyargs]
        elif isinstance(node, ast.AnnAssign):
            variables.add(node.target.id)
    return classes, functions, variables


class Stubs(unittest.TestCase):
    def has_all(self, module, classes):
        for name, members in classes.items():
            if name.startswith("_"):
                continue
            for member in members:
                if not member.startswith("_"):      # what an object has, its class need not
                    self.assertTrue(hasattr(getattr(module, name), member), f"{name}.{member}")

    def test_tables(self):
        classes, _, variables = stub_of("tables")
        self.has_all(tables, classes)
        self.assertEqual(set(tables.__all__) - set(classes) - variables, set())
        for table in tables.ALL:
            name = table._reader.row.__name__
            self.assertEqual(classes[name], [column.field for column in table._info.columns])
            self.assertEqual(classes[f"_{name}Table"], [column.field for column in table._info.columns])
            self.assertIn(table._info.name, classes["Doors"])

    def test_doors_do_what_the_stubs_say(self):
        classes, _, _ = stub_of("tables")
        for name, members in classes.items():
            if name.endswith("Door") and name != "Door":
                for member in members:
                    self.assertTrue(callable(getattr(tables.Door, member)), f"{name}.{member}")

    def test_operations(self):
        classes, functions, _ = stub_of("operations")
        self.has_all(operations, classes)
        self.assertEqual(set(functions), set(operations.INFOS))
        for name, parameters in functions.items():
            self.assertEqual(parameters, list(inspect.signature(getattr(operations, name)).parameters), name)
