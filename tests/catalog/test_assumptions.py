"""Every assumption and failure rate names a source and a band, as products do.

Protects the promise that what a study leaves out is assumed in the open.
"""

import pytest

from lightloom.accounts.defaults import ACCOUNT_FOLDERS
from lightloom.catalog import loading

FILES = [(folder, name) for folder in ACCOUNT_FOLDERS for name in loading.names(folder)]
FIGURES = [
    pytest.param(figure, id=f"{folder}/{name}:{key}")
    for folder, name in FILES
    for key, figure in loading.figures_of(loading.read(folder, name, ACCOUNT_FOLDERS[folder]))
]


def test_the_names_studies_use_are_there():
    assert {("assumptions", "default"), ("failures", "llama3-54-days")} <= set(FILES)


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_can_be_traced_and_carries_a_band(figure):
    assert figure.source
    assert figure.source.title
    assert figure.source.where
    assert figure.source.read
    assert figure.low <= figure.value <= figure.high
    assert figure.low < figure.high
    assert figure.how or figure.at


@pytest.mark.parametrize(("folder", "name"), FILES)
def test_every_source_is_used(folder, name):
    used = {
        figure.source.id
        for _, figure in loading.figures_of(loading.read(folder, name, ACCOUNT_FOLDERS[folder]))
        if figure.source
    }
    assert {source.id for source in loading.document(folder, name).sources} == used
