"""What is read out of a page of numbered sentences, and what is wrong with one."""

import unittest
from pathlib import Path

import semantics

PAGE = """\
- **E1** A sentence that three vectors show. [01 37 104]
- **E2** *(not run yet)* One that none shows. [-]
- **E3** One that a vector and a test show, with a [link](page.md). [37] [test: A.java#b]
| Reason | The record |
| --- | --- |
| `row` | of a table [02] |
"""
VECTORS = {"01", "02", "37", "104"}


def problems(pages, vectors=VECTORS, tests=("A.java#b",)):
    return semantics.problems(pages, set(vectors), lambda test: test in tests)


class Sentences(unittest.TestCase):
    def test_sentences(self):
        found = [(one.number, one.vectors, one.tests) for one in semantics.sentences_of("page.md", PAGE)]
        self.assertEqual(
            found, [("E1", ("01", "37", "104"), ()), ("E2", (), ()), ("E3", ("37",), ("A.java#b",))]
        )

    def test_all_is_well(self):
        self.assertEqual(problems({"page.md": PAGE}), [])

    def test_a_vector_that_is_not_there(self):
        self.assertEqual(
            problems({"page.md": PAGE}, {"01", "37", "104"}), ["page.md:6: there is no vector 02"]
        )

    def test_a_test_that_is_not_there(self):
        self.assertEqual(problems({"page.md": PAGE}, tests=()), ["page.md:3: there is no test A.java#b"])

    def test_a_sentence_that_nothing_shows(self):
        for end in ("", " [-]"):
            report = problems({"page.md": PAGE + f"- **E4** Forgotten.{end}\n"})
            self.assertEqual(report, ["page.md:7: nothing shows E4: Forgotten."])

    def test_a_reason_that_nothing_shows(self):
        report = problems({"page.md": PAGE + "| `other` | row [-] |\n\n| no | reason |\n"})
        self.assertEqual(report, ["page.md:7: no vector shows this reason"])

    def test_a_vector_that_no_sentence_names(self):
        report = problems({"page.md": PAGE}, VECTORS | {"99", "103"})
        self.assertEqual(report, ["no sentence names vector 99", "no sentence names vector 103"])

    def test_vectors_have_two_digits_or_three(self):
        names = ["01-a.json", "104-b.json", "README.md", "1-c.json", "2024-d.json"]
        self.assertEqual(semantics.vector_numbers(map(Path, names)), {"01", "104"})

    def test_a_number_of_three_digits_is_not_one_of_two(self):
        report = problems({"page.md": "- **E1** One. [104]\n"}, {"10", "04"})
        self.assertEqual(report[0], "page.md:1: there is no vector 104")

    def test_a_number_given_twice(self):
        report = problems({"a.md": PAGE, "b.md": "- **E1** Again. [01]\n"})
        self.assertEqual(report, ["b.md:1: E1 is the number of a.md:1 too"])

    def test_tests_are_found_by_the_end_of_their_path(self):
        self.assertTrue(semantics.has_test("engine/tests/vectors.rs#as_a_backtest"))
        self.assertFalse(semantics.has_test("engine/tests/vectors.rs#as_a"))
        self.assertFalse(semantics.has_test("tests/vectors.rs#run"), "a helper is no test")
        self.assertFalse(semantics.has_test("ests/vectors.rs#as_a_backtest"), "half a folder's name")


class Laws(unittest.TestCase):
    def test_laws(self):
        laws = {"37": "E1 E3", "01": "E1 E3", "104": "", "02": "E9"}
        self.assertEqual(
            semantics.law_problems(laws, semantics.sentences_of("page.md", PAGE)),
            [
                "vector 01: its law names E3, and that sentence does not name the vector",
                "vector 02: its law names E9, and that sentence does not name the vector",
                "vector 104: its law names no sentence",
            ],
        )


class Conditions(unittest.TestCase):
    def setUp(self):
        self.rows = {one: f'| {one} | words | `{{"count": "{one}"}}` | [01] |' for one in semantics.REFERENCE}
        self.rules = {"01": [{"m": [{"count": one} for one in semantics.REFERENCE]}], "02": []}

    def problems(self):
        return semantics.condition_problems("\n".join(self.rows.values()), self.rules)

    def test_all_is_well(self):
        self.assertEqual(self.problems(), [])

    def test_a_condition_that_is_missing(self):
        del self.rows["P11"]
        self.assertEqual(self.problems(), ["P11: 0 rows instead of 1"])

    def test_a_row_without_a_vector(self):
        self.rows["T1"] = '| T1 | words | `{"count": "T1"}` | |'
        self.assertEqual(
            self.problems(),
            [
                "T1: a row names a fragment of a rule and a vector",
                'T1: none of its vectors has {"count": "T1"}',
            ],
        )

    def test_a_fragment_that_is_in_none_of_its_vectors(self):
        self.rows["R1"] = '| R1 | words | `{"count": "R1"}` | [02 99] |'
        self.assertEqual(
            self.problems(), ["R1: there is no vector 99", 'R1: none of its vectors has {"count": "R1"}']
        )

    def test_a_bar_in_a_fragment(self):
        self.rows["R5"] = '| R5 | words | `{"matches": "a\\|b"}` | [02] |'
        self.rules["02"] = [{"on": {"matches": "a|b"}}]
        self.assertEqual(self.problems(), [])


if __name__ == "__main__":
    unittest.main()
