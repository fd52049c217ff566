"""A study file is read as plain data with places, by YAML 1.2's scalars; what is hostile is refused at its line.

Source: YAML 1.2.2 core schema (10.3.2) for null, booleans, integers and floats, less octal, hexadecimal, infinity and
not-a-number, which no study needs.
"""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.core.errors import StudyError
from lightloom.study import document as module
from lightloom.study.document import parse_document, read_document, scalar
from lightloom.study.node import DEPTH_LIMIT, Node, Place, node_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-6", 1e-6), ("2.4e-4", 2.4e-4), ("1e9", 1e9), ("2.5E3", 2500.0), ("-1.5", -1.5), (".5", 0.5), ("5.", 5.0),
        ("12", 12), ("-3", -3), ("+4", 4), ("007", 7), ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("2020-01-01", "2020-01-01"),
        ("16_384", "16_384"), ("0x10", "0x10"), ("1:30", "1:30"), (".inf", ".inf"), (".nan", ".nan"),
        ("1e999", "1e999"),        ("2 m", "2 m"), ("٣", "٣"),
    ],
)  # fmt: skip
def test_plain_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


def test_quotes_make_text() -> None:
    assert parse_document("a: '1'\nb: \"true\"\nc: |\n  1\n", "f").plain == {"a": "1", "b": "true", "c": "1\n"}


def test_every_value_knows_its_line() -> None:
    text = "a: 1\nb:\n  c:\n    - x\n    - {d: 2}\n"
    root = parse_document(text, "f.yaml")
    lines = {path: root.nearest(path).place.line for path in [("a",), ("b",), ("b", "c"), ("b", "c", 1, "d")]}
    assert lines == {("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "c", 1, "d"): 5}
    assert root.fault(("b", "absent", "deeper"), "is missing").line == 2
    assert root.nearest(()).place == Place("f.yaml", 1)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "empty"),
        ("# nothing\n", 1, "empty"),
        ("just words", 1, "mapping of keys"),
        ("- 1\n- 2\n", 1, "mapping of keys"),
        ("a: 1\nb: [1, 2\n", 2, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "spaces, not tabs"),
        ("a: b: c\n", 1, "not valid YAML"),
        ("a: 'x\n", 1, "not valid YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "a second time; the first is on line 1"),
        ("a:\n  b: 1\n  b: 2\n", 3, "a second time"),
        ("a: &x 1\nb: 2\n", 1, "anchors such as '&x'"),
        ("a: 1\nb: *x\n", 2, "aliases such as '*x'"),
        ("a: !!python/object:os.system 1\n", 1, "tags such as"),
        ("a: !local {b: 1}\n", 1, "tags such as '!local'"),
        ("a: 1\n---\nb: 2\n", 3, "second document"),
        ("? [a, b]\n: 1\n", 1, "a list or mapping as a key"),
        ("'': 1\n", 1, "an empty key"),
        ("a: \x07\n", 1, "not valid YAML"),
        ('name: "\\e[31mred"\n', 1, "'?[31mred' holds control characters"),  # a terminal would obey them
        ('a: 1\n"\\x9bb": 2\n', 2, "'?b' holds control characters"),
    ],
)
def test_what_is_no_study_is_refused_at_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(StudyError) as caught:
        parse_document(text, "f.yaml")
    fault = caught.value.faults[0]
    assert (fault.file, fault.line) == ("f.yaml", line)
    assert says in str(fault)


def test_independent_faults_come_together() -> None:
    with pytest.raises(StudyError) as caught:
        parse_document("a: &x 1\na: 2\nb: !t 3\nc: *x\n", "f")
    assert [fault.line for fault in caught.value.faults] == [1, 2, 3, 4]


def test_nesting_and_count_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "{a: " * (DEPTH_LIMIT + 1)
    with pytest.raises(StudyError, match="nested more than"):
        parse_document(deep, "f")
    with pytest.raises(StudyError, match="nest"):  # the parser itself may give up first
        parse_document("[" * 100_000, "f")
    assert parse_document("a: " + "[" * (DEPTH_LIMIT - 1) + "]" * (DEPTH_LIMIT - 1), "f")
    monkeypatch.setattr(module, "NODE_LIMIT", 50)
    with pytest.raises(StudyError, match="more than 50 values"):
        parse_document("a: [" + "1, " * 60 + "1]", "f")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"a: 1\nb: \xff\xfe\n", "not text in UTF-8"),
        (b"a: 1\n\x00\x01", "binary bytes"),
        (b"\x7fELF\x02\x01\x01\x00", "binary bytes"),
        (b'\xa3(,u(X\xd6"\0', "binary bytes"),
        (b"a: 1\n" * 300_000, "larger than 1024 KiB"),
    ],
)
def test_garbage_is_refused_with_its_file(tmp_path: Path, raw: bytes, says: str) -> None:
    path = tmp_path / "study.yaml"
    path.write_bytes(raw)
    with pytest.raises(StudyError, match=says) as caught:
        read_document(path)
    assert caught.value.faults[0].file == str(path)


def test_missing_unreadable_and_irregular_files_say_what_to_do(tmp_path: Path) -> None:
    locked = tmp_path / "locked.yaml"
    locked.write_text("a: 1")
    locked.chmod(0)
    fifo = tmp_path / "fifo.yaml"
    os.mkfifo(fifo)
    cases = {tmp_path / "none.yaml": "no such file", tmp_path: "it is a directory", fifo: "not a regular file"}
    if os.geteuid():  # root reads everything
        cases[locked] = "permission denied"
    for path, says in {**cases, Path("a\0b"): "null byte", Path("x" * 5000): "too long"}.items():
        with pytest.raises(StudyError, match=says) as caught:
            read_document(path)
        assert caught.value.faults[0].hint


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_document(path).plain == {"a": 1}


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(plain_values)
def test_python_values_pass_through_nodes_unchanged(value: object) -> None:
    assert node_of(value, Place()).plain == value


@given(st.text(max_size=200))
def test_any_text_is_a_document_or_a_study_error(text: str) -> None:
    try:
        root = parse_document(text, "f.yaml")
    except StudyError as error:
        assert all(fault.file == "f.yaml" and fault.line and fault.message for fault in error.faults)  # noqa: PT017 - either is right
    else:
        assert isinstance(root, Node)
        assert isinstance(root.plain, dict)
