"""Many at once: grids of scenarios, as notebooks (batch) or as numbers alone (sweep)."""
