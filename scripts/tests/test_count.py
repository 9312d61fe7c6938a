"""The counts that decide whether a change is well: real closing lines, and what must not be read as one."""

import unittest

from count import Count, count


class Cargo(unittest.TestCase):
    def test_adds_up_all_binaries(self):
        output = (
            "running 3 tests\ntest a ... ok\n"
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s\n"
            "test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1s\n"
        )
        self.assertEqual(count("cargo", output), Count(4, 2, 1))

    def test_a_build_error_is_no_test(self):
        self.assertEqual(count("cargo", "error[E0432]: unresolved import\n"), Count())


class Surefire(unittest.TestCase):
    def test_reads_modules_and_not_classes(self):
        output = (
            "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in io.alcedo.A\n"
            "[INFO] Results:\n[INFO] \n"
            "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0\n"
            "[ERROR] Tests run: 7, Failures: 1, Errors: 2, Skipped: 1\n"
        )
        self.assertEqual(count("surefire", output), Count(5, 3, 1))

    def test_sees_through_colour(self):
        output = "[\x1b[1;34mINFO\x1b[m] \x1b[1;32mTests run: 4, Failures: 0, Errors: 0, Skipped: 0\x1b[m\n"
        self.assertEqual(count("surefire", output), Count(4, 0, 0))


class Pytest(unittest.TestCase):
    def test_reads_the_last_line(self):
        self.assertEqual(count("pytest", "....\n12 passed in 0.31s\n"), Count(12, 0, 0))
        slow = "F.\nFAILED a.py::b\n2 failed, 10 passed, 1 skipped, 3 warnings, 1 error in 71.20s (0:01:11)\n"
        self.assertEqual(count("pytest", slow), Count(10, 3, 1))

    def test_nothing_run_is_no_test(self):
        self.assertEqual(count("pytest", "no tests ran in 0.01s\n"), Count())


class Unittest(unittest.TestCase):
    def test_reads_a_good_end(self):
        self.assertEqual(count("unittest", "....\nRan 4 tests in 0.002s\n\nOK\n"), Count(4, 0, 0))

    def test_reads_a_bad_end(self):
        output = "Ran 6 tests in 1.2s\n\nFAILED (failures=1, errors=2, skipped=1)\n"
        self.assertEqual(count("unittest", output), Count(2, 3, 1))

    def test_a_broken_set_up_runs_nothing(self):
        output = "Ran 0 tests in 2.1s\n\nFAILED (errors=1)\n"
        self.assertEqual(count("unittest", output), Count(0, 1, 0))


class Vitest(unittest.TestCase):
    def test_reads_a_good_and_a_bad_end(self):
        end = " Test Files  2 passed (2)\n      Tests  39 passed (39)\n   Start at  02:45:29\n"
        self.assertEqual(count("vitest", end), Count(39, 0, 0))
        end = "\x1b[2m      Tests \x1b[22m \x1b[31m1 failed\x1b[39m | 36 passed | 2 skipped (39)\n"
        self.assertEqual(count("vitest", end), Count(36, 1, 2))

    def test_a_file_that_does_not_load_is_no_test(self):
        self.assertEqual(count("vitest", " Test Files  1 failed (1)\n      Tests  no tests\n"), Count())


class Plain(unittest.TestCase):
    def test_the_last_line_counts(self):
        self.assertEqual(
            count("plain", "1 passed, 0 failed\nit: 5 passed, 1 failed, 2 skipped\n"), Count(5, 1, 2)
        )

    def test_a_sentence_is_no_closing_line(self):
        self.assertEqual(count("plain", "we had 5 passed, 1 failed and so on\n"), Count())


if __name__ == "__main__":
    unittest.main()
