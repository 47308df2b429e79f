"""ONNX: graphs written from networks, and plain graphs read as networks."""
