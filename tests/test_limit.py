"""Time and output limits end what does not end by itself."""

import contextlib
import sys
import threading

import pytest

from autograder.limit import Bounded, TimeUp, time_limit


def spin(stop_after: int = 10**12) -> None:
    for _ in range(stop_after):
        pass


def test_an_endless_loop_is_stopped():
    with pytest.raises(TimeUp), time_limit(0.05):
        spin()


def test_except_exception_does_not_swallow_the_end():
    def stubborn() -> None:
        while True:
            with contextlib.suppress(Exception):
                spin()

    with pytest.raises(TimeUp), time_limit(0.05):
        stubborn()


def test_what_swallows_one_alarm_meets_the_next():
    def more_stubborn() -> None:
        try:
            spin()
        except BaseException:
            spin()

    with pytest.raises(TimeUp), time_limit(0.05):
        more_stubborn()


class Lingering:
    """Its destructor never ends, and Python ignores whatever is raised in it."""

    def __del__(self) -> None:
        spin()


def test_what_python_swallows_in_a_destructor_rings_again_at_once_and_quietly(capsys):
    def drop() -> None:
        Lingering()
        spin()

    with pytest.raises(TimeUp), time_limit(0.05):
        drop()

    assert capsys.readouterr().err == ""


def test_other_exceptions_in_destructors_are_still_told_of(monkeypatch):
    class Broken:
        def __del__(self) -> None:
            raise ValueError("told of")

    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unheard: told.append(str(unheard.exc_value)))

    with time_limit(5):
        Broken()

    assert told == ["told of"]
    assert sys.unraisablehook.__name__ == "<lambda>"


def test_a_quick_body_is_left_alone_and_the_limit_ends_with_it():
    with time_limit(0.05):
        pass
    spin(3_000_000)


def test_other_threads_run_without_a_limit():
    done = []

    def work() -> None:
        with time_limit(1e-6):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert done == [True]


def test_output_is_kept_up_to_the_limit_and_counted_beyond():
    stream = Bounded(limit=10)

    print("0123456789abc", file=stream, end="")
    print("x" * 1000, file=stream, end="")

    assert stream.text() == "0123456789\n... and 1,003 more characters"
