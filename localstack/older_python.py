"""
Makes LocalStack 4.14.0, which asks for Python 3.13, run on 3.11 and 3.12: type parameters become type variables, and
what the standard library got later comes from typing_extensions. Prints the modules it changed.
Run by the interpreter of the environment: python older_python.py PACKAGE_FOLDER...
"""

import re
import sys
from pathlib import Path

FUTURE = "from __future__ import annotations\n"
NEWER_NAME = re.compile(r"^from warnings import deprecated$", re.MULTILINE)
TYPE_ALIAS = re.compile(r"^type (?=\w+ = )", re.MULTILINE)
FUNCTION = re.compile(r"^(\s*def \w+)\[([^\]]+)\](?=\()", re.MULTILINE)
LAZY = re.compile(r": (?:threading\.)?R?Lock \| ")
CLASS = re.compile(r"^(class \w+)\[([^\]]+)\](?:\(([^)]*)\))?:", re.MULTILINE)


def rewritten(source: str, version: tuple[int, ...]) -> str:
    """The module as the version understands it; unchanged when there is nothing newer in it."""
    if version < (3, 13):
        source = NEWER_NAME.sub("from typing_extensions import deprecated", source)
        # Locks became types; an annotation that is not evaluated need not be one.
        if LAZY.search(source) and FUTURE not in source:
            source = FUTURE + source
    return without_type_parameters(source) if version < (3, 12) else source


def without_type_parameters(source: str) -> str:
    variables: dict[str, None] = {}

    def names_of(parameters: str) -> str:
        # Bounds matter to type checkers only.
        names = [parameter.split(":")[0].strip() for parameter in parameters.split(",")]
        variables.update(dict.fromkeys(names))
        return ", ".join(names)

    def of_function(match: re.Match[str]) -> str:
        names_of(match[2])
        return match[1]

    def of_class(match: re.Match[str]) -> str:
        bases = f"{match[3]}, " if match[3] else ""
        return f"{match[1]}({bases}_typing.Generic[{names_of(match[2])}]):"

    source = CLASS.sub(of_class, FUNCTION.sub(of_function, TYPE_ALIAS.sub("", source)))
    if not variables:
        return source
    # Type variables stand above everything, so annotations that were lazy must stay so.
    declared = "".join(f'{name} = _typing.TypeVar("{name}")\n' for name in variables)
    return f"{FUTURE}import typing as _typing\n{declared}{source.replace(FUTURE, '', 1)}"


def main(folders: list[str]) -> None:
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*.py")):
        source = path.read_text("utf-8")
        changed = rewritten(source, sys.version_info[:2])
        if changed != source:
            path.write_text(changed, "utf-8")
            print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
