"""Devices are products of the catalog."""

from lightloom.core.product import Product

__all__ = ["Product"]
