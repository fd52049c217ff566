"""From a built fabric to work on the floor: every cable with both its ends, trunks, patch panels, trays."""
