"""What is read out of a page of numbered sentences, and what is wrong with one."""

import unittest

import semantics

PAGE = """\
- **E1** A sentence that two vectors show. [01 37]
- **E2** *(not run yet)* One that none shows. [-]
- **E3** One whose author forgot, with a [link](page.md).
| a row | of a table [02] |
"""


class Semantics(unittest.TestCase):
    def test_sentences(self):
        found = [(sentence.number, sentence.vectors) for sentence in semantics.sentences_of("page.md", PAGE)]
        self.assertEqual(found, [("E1", ("01", "37")), ("E2", ()), ("E3", ())])

    def test_all_is_well(self):
        self.assertEqual(semantics.problems({"page.md": PAGE}, {"01", "02", "37"}), [])

    def test_a_vector_that_is_not_there(self):
        report = semantics.problems({"page.md": PAGE}, {"01", "37"})
        self.assertEqual(report, ["page.md:4: there is no vector 02"])

    def test_a_number_given_twice(self):
        report = semantics.problems({"a.md": PAGE, "b.md": "- **E1** Again. [01]\n"}, {"01", "02", "37"})
        self.assertEqual(report, ["b.md:1: E1 is the number of a.md:1 too"])


if __name__ == "__main__":
    unittest.main()
