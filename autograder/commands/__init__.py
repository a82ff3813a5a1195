"""What each command of `gradus` does, in the words of the terminal."""
