"""The real engine and a shared state store, as tests, the benchmark and measurements drive them."""
