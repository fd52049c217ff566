"""Link kinds, one file each: the physics of a family of products, and the shape of their figures."""

from lightloom.core.registry import Registry
from lightloom.photonics.kinds.active_copper import ActiveCopper
from lightloom.photonics.kinds.co_packaged import CoPackaged
from lightloom.photonics.kinds.direct_detection import DirectDetection
from lightloom.photonics.kinds.passive_copper import PassiveCopper
from lightloom.photonics.product import LinkProduct

LINK_KINDS: Registry[type[LinkProduct]] = Registry(
    "link kind", [PassiveCopper, ActiveCopper, DirectDetection, CoPackaged]
)
