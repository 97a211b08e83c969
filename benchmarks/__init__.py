"""Side-by-side measurements, one script a row: ``python -m benchmarks.<name>``."""
