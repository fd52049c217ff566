"""The public interface is one table, told twice: to Python, lazily, and to type checkers, in the stub beside it.

Protects: the two agree, and importing the package loads none of the layers (import time is a stated bar).
"""

import ast
import subprocess
import sys
from pathlib import Path

import lightloom

PACKAGE = Path(lightloom.__file__).parent


def stub_names() -> dict[str, str]:
    tree = ast.parse((PACKAGE / "__init__.pyi").read_text())
    return {
        alias.name: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def test_stub_and_table_agree() -> None:
    assert stub_names() == lightloom._HOMES
    assert {"__version__", *stub_names()} == set(dir(lightloom))


def test_import_loads_no_layer() -> None:
    script = "import lightloom, sys; print(*(name for name in sys.modules if name.startswith('lightloom.')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(lightloom, "no_such_name")
