"""Each house rule catches its breach and leaves alone what only looks like one."""

import unittest

from house import breaches_of, decisions_of_one_number


class Caught(unittest.TestCase):
    def breach(self, path, line, name):
        found = breaches_of(path, line)
        self.assertEqual(len(found), 1, found)
        self.assertIn(name, found[0])

    def test_each_rule(self):
        self.breach("Cargo.lock", 'source = "registry+https://mirror.example/index"', "an address")
        self.breach("a/pom.xml", "<repository>", "a registry")
        self.breach("docs/x.md", "run /home/me/alcedo", "a path of one machine")
        self.breach("conf.yaml", "rest.bind-address: 0.0.0.0", "a server on all")
        self.breach("a.rs", "    #[ignore]", "skipped")
        self.breach("A.java", "// TODO later", "a promise")

    def test_each_look_alike(self):
        for path, line in (
            ("Cargo.lock", 'source = "registry+https://github.com/rust-lang/crates.io-index"'),
            ("a/pom.xml", 'xmlns="http://maven.apache.org/POM/4.0.0"'),
            ("README.md", "see https://example.org/home/page/"),
            ("a.py", 'ROOT / "target" / "work/"'),
            ("conf.yaml", "rest.bind-address: 127.0.0.1"),
        ):
            self.assertEqual(breaches_of(path, line), [], line)

    def test_two_decisions_of_one_number(self):
        paths = ["docs/adr/0002-b.md", "docs/adr/0001-a.md", "docs/adr/0002-a.md", "docs/adr/README.md"]
        (found,) = decisions_of_one_number(paths)
        self.assertTrue(found.startswith("docs/adr/0002-b.md: docs/adr/0002-a.md has this number"), found)


if __name__ == "__main__":
    unittest.main()
