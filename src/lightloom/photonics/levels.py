"""What an optical end launches and what it needs, in dBm, where a document says so."""

from dataclasses import dataclass

from lightloom.core.provenance import Figure
from lightloom.photonics import budget


@dataclass(frozen=True, slots=True)
class Levels:
    """Guaranteed levels of one end, a lane.

    Args:
        launch_dbm: Outer OMA minus TDECQ, least.
        stressed_sensitivity_dbm: Outer OMA of the stressed receiver test, most.
        stressed_eye_closure_db: SECQ of that test.
        reflection_penalty_db: Allocation for multi-path interference and differential group delay.
        oma_maximum_dbm: Strongest transmitter allowed.
        overload_dbm: Strongest outer OMA the receiver takes.
    """

    launch_dbm: float
    stressed_sensitivity_dbm: float
    stressed_eye_closure_db: float
    reflection_penalty_db: float
    oma_maximum_dbm: float
    overload_dbm: float

    @property
    def sensitivity_dbm(self) -> float:
        """Outer OMA it needs from an open eye, dBm."""
        return float(
            budget.ideal_sensitivity_dbm(
                stressed_sensitivity_dbm=self.stressed_sensitivity_dbm,
                stressed_eye_closure_db=self.stressed_eye_closure_db,
            )
        )


def levels_of(*figures: Figure | None) -> Levels | None:
    """Return the levels that six figures state, in the order of the fields; None if one is missing."""
    values = [figure.value for figure in figures if figure is not None]
    return Levels(*values) if len(values) == len(figures) else None
