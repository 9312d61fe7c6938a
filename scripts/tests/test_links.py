"""Which links are read out of a page, and by what names its headings answer."""

import tempfile
import unittest
from pathlib import Path

import links


class Links(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root, links.ROOT = Path(folder.name).resolve(), Path(folder.name).resolve()
        (self.root / "there.md").write_text("# The `House`, in short\n", encoding="utf-8")

    def broken(self, text):
        page = self.root / "page.md"
        page.write_text(text, encoding="utf-8")
        return links.broken_links(page)

    def test_good_links(self):
        self.assertEqual(
            self.broken("[a](there.md) [b](there.md#the-house-in-short) [c](https://x.example)"), []
        )

    def test_a_missing_file(self):
        self.assertEqual(len(self.broken("[a](gone.md)")), 1)

    def test_a_missing_heading(self):
        self.assertEqual(len(self.broken("[a](there.md#the-garden)")), 1)

    def test_a_missing_picture(self):
        self.assertEqual(len(self.broken('<img src="gone.svg" alt="x">')), 1)

    def test_code_is_no_link(self):
        self.assertEqual(self.broken("`[a](gone.md)`\n```\n[a](gone.md)\n```\n"), [])


if __name__ == "__main__":
    unittest.main()
