"""Networks from PyTorch modules and files, and PyTorch modules from networks."""
