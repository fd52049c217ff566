"""What the whole suite shares: no time limit on drawn examples, a loud word when browser tests did not run."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("lightloom", deadline=None)  # a busy machine is no failure
settings.load_profile("lightloom")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    names = list(_browser_tests(skipped))
    if not names:
        return
    terminalreporter.section(f"NOT TESTED IN A BROWSER: {len(names)} skipped", sep="!", yellow=True, bold=True)
    for name in names:
        terminalreporter.write_line(f"  skipped: {name}", yellow=True)
    terminalreporter.write_line("  Install Chromium (on Debian and Ubuntu: apt-get install chromium) and run again.")


def _browser_tests(reports: list[pytest.TestReport]) -> Iterator[str]:
    for report in reports:
        if "browser" in report.keywords:
            yield report.nodeid
