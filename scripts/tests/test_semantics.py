"""What is read out of a page of numbered sentences, and what is wrong with one."""

import unittest
from pathlib import Path

import semantics

PAGE = """\
- **E1** A sentence that three vectors show. [01 37 104]
- **E2** *(not run yet)* One that none shows. [-]
- **E3** One whose author forgot, with a [link](page.md).
| a row | of a table [02] |
"""


class Semantics(unittest.TestCase):
    def test_sentences(self):
        found = [(sentence.number, sentence.vectors) for sentence in semantics.sentences_of("page.md", PAGE)]
        self.assertEqual(found, [("E1", ("01", "37", "104")), ("E2", ()), ("E3", ())])

    def test_all_is_well(self):
        self.assertEqual(semantics.problems({"page.md": PAGE}, {"01", "02", "37", "104"}), [])

    def test_a_vector_that_is_not_there(self):
        report = semantics.problems({"page.md": PAGE}, {"01", "37", "104"})
        self.assertEqual(report, ["page.md:4: there is no vector 02"])

    def test_vectors_have_two_digits_or_three(self):
        names = ["01-a.json", "104-b.json", "README.md", "1-c.json", "2024-d.json"]
        self.assertEqual(semantics.vector_numbers(map(Path, names)), {"01", "104"})

    def test_a_number_of_three_digits_is_not_one_of_two(self):
        report = semantics.problems({"page.md": "- **E1** One. [104]\n"}, {"10", "04"})
        self.assertEqual(report, ["page.md:1: there is no vector 104"])

    def test_a_number_given_twice(self):
        report = semantics.problems(
            {"a.md": PAGE, "b.md": "- **E1** Again. [01]\n"}, {"01", "02", "37", "104"}
        )
        self.assertEqual(report, ["b.md:1: E1 is the number of a.md:1 too"])


if __name__ == "__main__":
    unittest.main()
