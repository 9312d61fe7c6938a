"""A run that went wrong must never close as if it were well."""

import unittest

from count import Count
from stage import judge, split


class Judge(unittest.TestCase):
    def test_well(self):
        self.assertEqual(judge(0, "plain", "3 passed, 0 failed, 1 skipped\n"), (Count(3, 0, 1), ""))

    def test_a_step_without_tests_counts_none(self):
        self.assertEqual(judge(0, None, ""), (Count(), ""))

    def test_a_runner_without_tests_is_a_failure(self):
        self.assertEqual(judge(0, "cargo", "Finished\n"), (Count(failed=1), "its runner ran no test"))

    def test_a_crash_after_good_tests_is_a_failure(self):
        tests, why = judge(134, "plain", "3 passed, 0 failed\n")
        self.assertEqual((tests, why), (Count(3, 1, 0), "exit code 134"))

    def test_a_failed_test_counts_once(self):
        self.assertEqual(judge(1, "plain", "3 passed, 1 failed\n")[0], Count(3, 1, 0))

    def test_a_failed_test_is_believed_over_the_exit_code(self):
        self.assertEqual(judge(0, "plain", "3 passed, 1 failed\n")[1], "1 failed")


class Split(unittest.TestCase):
    def test_a_later_dash_pair_is_the_commands(self):
        words = ["run", "check", "clippy", "--", "cargo", "clippy", "--", "-D", "warnings"]
        self.assertEqual(split(words), (words[:3], ["cargo", "clippy", "--", "-D", "warnings"]))


if __name__ == "__main__":
    unittest.main()
