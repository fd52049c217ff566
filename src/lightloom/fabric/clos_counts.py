"""Non-blocking Clos networks of equal switches, counted without building one."""

from fractions import Fraction
from math import ceil

from lightloom.core.errors import Fault, StudyError


def ports_per_endpoint(levels: int) -> int:
    """Return switch ports per endpoint: one at the endpoint, two for each link above."""
    return 2 * levels - 1


def ends_per_endpoint(levels: int) -> int:
    """Return ends of links per endpoint, its own included: modules if all links are optical."""
    return 2 * levels


def switches(endpoints: Fraction | int, radix: int, rails: int = 1) -> int:
    """Return the switches of a Clos of at most three levels, or of several of them side by side.

    Args:
        endpoints: All together.
        radix: Ports of a switch, even.
        rails: Separate networks that share the endpoints evenly.

    Raises:
        StudyError: The number of ports is odd.

    Leaves out: whether links divide evenly over the switches above, and more levels than three.
    Source: half of the ports of a switch go up; Wang et al., "Rail-only", arXiv 2307.12169 (rails).
    """
    if radix < 2 or radix % 2:
        near = f"the nearest are {radix - 1} and {radix + 1}" if radix > 1 else "the nearest is 2"
        raise StudyError(Fault("radix", f"half the ports of a switch go up, and {radix} is odd", near))
    each, half = Fraction(endpoints) / rails, radix // 2
    if each <= radix:
        return rails
    edge = ceil(each / half)
    top = ceil(Fraction(edge, 2))
    return rails * (edge + top if each <= radix * half else 2 * edge + top)
