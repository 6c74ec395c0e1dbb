"""The parts that an experiment chooses from by name, one table a file, each known without NumPy and PyTorch."""
