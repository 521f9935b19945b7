"""Breaks an index on purpose: kills, full disks, damage, readers during updates, spoiled files, large corpora. `make stress` runs all."""
