package io.alcedo.flink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * How long a new set of rules holds up the events of a subtask, by how many rules there are: in the first subtask of a
 * process, which compiles them, and in one that finds them compiled. No test: its name keeps it out of them, {@code
 * scripts/pauses.sh} runs it.
 */
class RulesBench {
    private static final int ROUNDS = 5;

    @Test
    void pause() throws Exception {
        for (int rules : new int[] {100, 1000, 3000}) {
            List<double[]> pauses = pauses(rules);
            System.out.printf(
                    "%d rules, one of them revised: the first subtask %.1f ms, the second %.1f ms (medians of %d; %s)%n",
                    rules, median(pauses, p -> p[0]), median(pauses, p -> p[1]), ROUNDS, all(pauses));
        }
    }

    private static List<double[]> pauses(int rules) throws Exception {
        List<double[]> pauses = new ArrayList<>();
        try (TestJob job =
                new TestJob(new AlcedoOptions(), new TestRules(set(rules, 1)), AudienceSource.none(), "hashmap", 2)) {
            for (int round = 0; round < ROUNDS; round++) {
                long[] nanos = job.updateNanos(set(rules, round + 2));
                pauses.add(new double[] {nanos[0] / 1e6, nanos[1] / 1e6});
            }
        }
        return pauses;
    }

    /** Rules of a count each; the first one has this revision. */
    private static RulesUpdate set(int rules, int revision) {
        String[] texts = new String[rules];
        Arrays.setAll(texts, i -> Shop.thirdView(i == 0 ? revision : 1, 3 + (i == 0 ? revision : 0))
                .replace("\"id\": \"views\"", "\"id\": \"views-" + i + "\"")
                .replace("\"event\": \"view\"", "\"event\": \"view-" + i + "\""));
        return TestRules.all(texts);
    }

    private static double median(List<double[]> pauses, ToDoubleFunction<double[]> which) {
        return pauses.stream().mapToDouble(which).sorted().toArray()[ROUNDS / 2];
    }

    private static String all(List<double[]> pauses) {
        return pauses.stream()
                .map(p -> String.format("%.1f/%.1f", p[0], p[1]))
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }
}
