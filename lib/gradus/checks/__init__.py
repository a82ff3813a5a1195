"""Checks: tests of single layers, which tell right implementations from wrong ones."""
