"""Who is joined to whom: topologies, floors, cables, and the levels at which traffic is funnelled."""
