package io.alcedo.flink;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How long a barrier is held up after a million users each did something: with the bound on dirty users that a job has,
 * and without any. No test: its name keeps it out of them, {@code scripts/pauses.sh} runs it.
 */
class BarrierBench {
    private static final int USERS = 1_000_000;
    private static final int ROUNDS = 3;

    @Test
    void pause() throws Exception {
        Map<String, List<Double>> pauses = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            // Interleaved, so that what else the machine does falls on all alike.
            for (String backend : List.of("hashmap", "rocksdb")) {
                for (int dirty : new int[] {20_000, USERS}) {
                    String name = backend + ", at most " + dirty + " dirty";
                    pauses.computeIfAbsent(name, n -> new ArrayList<>()).add(millis(backend, dirty));
                }
            }
        }
        pauses.forEach((name, all) -> {
            double[] sorted =
                    all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            System.out.printf("%s: %.0f ms (median of %s)%n", name, sorted[ROUNDS / 2], Arrays.toString(sorted));
        });
    }

    private static double millis(String backend, int dirty) throws Exception {
        AlcedoOptions options = new AlcedoOptions()
                .order(AlcedoOptions.Order.ARRIVAL)
                .cacheBytes(2L << 30)
                .dirtyUsers(dirty);
        RuleSource rules = new TestRules(TestRules.all(Shop.THIRD_VIEW, Shop.UNPAID));
        try (TestJob job = new TestJob(options, rules, AudienceSource.none(), backend, 1)) {
            for (int i = 0; i < USERS; i++) {
                String user = "user" + i;
                String json = "{\"user\":\"" + user + "\",\"type\":\"view\",\"time\":" + Shop.BEGIN + "}";
                job.event(Ingest.event(user, Shop.BEGIN, 0, i, json.getBytes(StandardCharsets.UTF_8)));
            }
            return job.barrierNanos() / 1e6;
        }
    }
}
