"""Breaks an index on purpose: kills, full disks, damage, readers during updates, large corpora. `make stress` runs all."""
