"""Why something could not be installed is said in one line, of the many that were printed."""

from bench.queue.environments import complaint


def test_an_error_is_what_counts_whatever_is_printed_after_it():
    said = "Building wheel\nerror: command 'gcc' failed\n\nnote: not a problem with pip.\n"

    assert complaint(said) == "error: command 'gcc' failed"


def test_of_several_errors_the_last_counts():
    assert complaint("ERROR: no matching version\nERROR: nothing for x==1\n") == (
        "ERROR: nothing for x==1"
    )


def test_npm_has_errors_of_its_own():
    assert complaint("npm ERR! code EUSAGE\nnpm notice\n") == "npm ERR! code EUSAGE"


def test_without_an_error_the_last_line_counts():
    assert complaint("one\ntwo\n\n") == "two"


def test_silence_is_told_too():
    assert complaint("") == "it said nothing"
