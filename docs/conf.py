"""Sphinx settings; what can be made from the code (verbs, catalog, outputs of examples) is made at build."""

import sys
from pathlib import Path

import lightloom

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "lightloom"
author = "The lightloom authors"
copyright = author
version = release = lightloom.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "generated",
    "examples",
    "drawings",
]
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence", "fieldlist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"

html_theme = "furo"
html_title = "lightloom"
html_static_path = ["_static"]
exclude_patterns = ["_build", "_extensions"]
templates_path: list[str] = []
