"""How classes and enumerated values are called in Python, by their names in the database. Needs nothing else of the
package: stubs.py reads it without the library."""

import re


def camel(name: str) -> str:
    """job_skill -> JobSkill"""
    return "".join(word.capitalize() for word in name.split("_"))


def enum_name(singular: str, field: str) -> str:
    return camel(singular) + camel(field)


def member_name(value: str) -> str:
    """full-time -> FULL_TIME"""
    name = re.sub(r"\W+", "_", value).upper()
    return name if name.isidentifier() else f"_{name}"
