"""This machine, side by side with what is installed: training and inference in how much time."""
