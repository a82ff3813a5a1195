"""From a class of notebooks to a gradebook, feedback and a report."""
