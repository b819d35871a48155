"""Detectors that have no ONNX export. Each module registers `look` for one of them."""
