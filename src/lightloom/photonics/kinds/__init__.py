"""Link kinds, one file each: the physics of a family of products, and the shape of their figures."""

from lightloom.core.registry import Registry
from lightloom.photonics.kinds.active_copper import ActiveCopper
from lightloom.photonics.kinds.active_optical_cable import ActiveOpticalCable
from lightloom.photonics.kinds.bidirectional import Bidirectional
from lightloom.photonics.kinds.co_packaged import CoPackaged
from lightloom.photonics.kinds.coherent import Coherent
from lightloom.photonics.kinds.direct_detection import DirectDetection
from lightloom.photonics.kinds.linear_copper import LinearCopper
from lightloom.photonics.kinds.passive_copper import PassiveCopper
from lightloom.photonics.product import LinkProduct

LINK_KINDS: Registry[type[LinkProduct]] = Registry(
    "link kind",
    [
        PassiveCopper,
        LinearCopper,
        ActiveCopper,
        ActiveOpticalCable,
        DirectDetection,
        Bidirectional,
        CoPackaged,
        Coherent,
    ],
)
