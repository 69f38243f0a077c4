"""How fast `forecast` is beside its peers: ``python -m benchmarks`` writes docs/performance.md."""
