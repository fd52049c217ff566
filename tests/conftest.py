"""What the whole suite shares: a loud word when the tests that need a browser did not run."""

from collections.abc import Iterator

import pytest


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
