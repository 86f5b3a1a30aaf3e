"""The README says what the program does."""

from tests.readme import README, with_table


def test_the_table_of_parameters_is_the_programs_own() -> None:
    text = README.read_text()
    assert with_table(text) == text, "run: python -m tests.readme"
