"""What the whole suite shares: the demo's answers, and a loud word when browser tests did not run."""

import json
from typing import Any

import pytest
from hypothesis import settings

import lightloom as ll
from lightloom.study.questions.ending import copper_ends

settings.register_profile("whole", deadline=None)  # a busy machine is no failure
settings.register_profile("fast", deadline=None, max_examples=30)


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples of a law where slow tests are left out, and as many as hypothesis does in the whole suite."""
    settings.load_profile("fast" if "not slow" in config.option.markexpr else "whole")


DEMO = ("llama3-405b-16k", "llama3-405b-16k-cpo", "llama3-405b-16k-ocs", "qwen3-235b-256", "qwen3-235b-256-scaleup")


@pytest.fixture(scope="session")
def demo() -> dict[str, Any]:
    """The demo's five designs as ``--json`` has them; whoever changes them changes a copy."""
    return json.loads(ll.compare([ll.load(study) for study in DEMO]).to_json())


@pytest.fixture(scope="session")
def demo_copper() -> list[dict[str, object]]:
    """Where copper ends in the demo's designs, as their report has it."""
    return copper_ends([ll.load(study) for study in DEMO])


@pytest.fixture(scope="session")
def unfit() -> dict[str, Any]:
    """One design that runs and the same one out of memory."""
    studies = [ll.load("qwen3-235b-256"), ll.load("qwen3-235b-256", ["recipe.micro_batch=8"])]
    return json.loads(ll.compare(studies).to_json())


@pytest.fixture(scope="session")
def unlit() -> dict[str, Any]:
    """One design whose cables are too long for their technology."""
    study = ll.load("llama3-405b-16k", ["fabric.scale_out.links.leaf=dac"])
    return json.loads(ll.compare([study]).to_json())


NEEDS = {
    "browser": (
        "NOT TESTED IN A BROWSER",
        "Install Chromium (on Debian and Ubuntu: apt-get install chromium) and run again.",
    ),
    "gnpy": (
        "NOT COMPARED WITH GNPY",
        "Install lightloom[coherent], on Python 3.11 or 3.12, and run again.",
    ),
}
"""Marks of tests that need more than Python, what their absence means, and what to do about it."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    for mark, (meaning, remedy) in NEEDS.items():
        names = [report.nodeid for report in skipped if mark in report.keywords]
        if names:
            terminalreporter.section(f"{meaning}: {len(names)} skipped", sep="!", yellow=True, bold=True)
            for name in names:
                terminalreporter.write_line(f"  skipped: {name}", yellow=True)
            terminalreporter.write_line(f"  {remedy}")
