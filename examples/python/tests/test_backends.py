"""What the library says of itself is what its headers say: the two backends know the same, each from its own source."""

import ctypes
import unittest

from hotgigs import _ctypes, _find

try:
    from hotgigs import _cffi
except ImportError:
    _cffi = None

PLACE = _find.find()


@unittest.skipUnless(_cffi and PLACE.text, "no cffi, or no FFI text")
class Backends(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.said = _ctypes.Backend(PLACE.library)
        with open(PLACE.text, encoding="utf-8") as file:
            cls.text = file.read()
        cls.declared = _cffi.Backend(PLACE.library, cls.text)
        cls.constants = cls.declared.constants()        # before a table's own are parsed

    def test_constants(self):
        self.assertGreater(len(self.constants), 200)
        self.assertEqual(self.said.constants(), self.constants)

    def test_structs(self):
        names = list(self.said._structs)
        self.assertGreater(len(names), 20)
        for name in names:
            self.assertEqual(self.said.struct(name), self.declared.struct(name), name)

    def test_calls(self):
        self.assertGreater(len(self.said._types), 1000)
        for name in self.said._types:
            function = self.said.function(name)
            self.declared.function(name)
            kind = self.declared._ffi.typeof(getattr(self.declared._lib, name))
            wanted = [self.shape_declared(one) for one in (kind.result, *kind.args)]
            self.assertEqual([self.shape_said(one) for one in (function.restype, *function.argtypes)], wanted, name)

    def shape_declared(self, kind):
        """The bytes of a type, and whether it has a sign."""
        if kind.kind == "void":
            return None
        ffi, name = self.declared._ffi, _cffi.Backend._plain(kind)
        return ffi.sizeof(name), int(ffi.cast(name, -1)) < 0

    @staticmethod
    def shape_said(kind):
        return None if kind is None else (ctypes.sizeof(kind), kind(-1).value < 0)

    def test_every_function_of_the_text_is_described(self):
        operations = {name for path, part in zip(*[iter(_cffi._SECTION.split(self.text)[1:])] * 2)
                      if "/operations/" in path for name in _cffi._FUNCTION.findall(_cffi._COMMENT.sub("", part))}
        declared = set(_cffi._FUNCTION.findall(_cffi._COMMENT.sub("", self.text))) - operations
        self.assertEqual({name for name in declared if name not in self.said._types}, set())
        self.assertEqual(operations & set(self.said._types), set())
