"""Checks and grading: exercises that know what their learners got wrong."""
