"""From an authored lesson to the notebooks of instructors and learners."""
