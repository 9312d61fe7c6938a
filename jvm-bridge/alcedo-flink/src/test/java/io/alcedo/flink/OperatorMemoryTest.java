package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.natives.NativeLoader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A native limit that is many times smaller than what users hold: it is kept and told, and no match is lost. */
class OperatorMemoryTest {
    private static final long LIMIT = 4L << 20;
    private static final int USERS = 4000;
    private static final int ROUNDS = 6;
    private static final int BUNDLE = 200;
    /** What a bundle adds while it is judged: its bytes in states, and its outcomes. */
    private static final long OF_A_BUNDLE = BUNDLE * 3000L;

    private static final String PADDING = "y".repeat(500);

    /** What a run gave, and what its metrics showed meanwhile. */
    private static final class Run {
        List<String> matches;
        long mostHeld;
        long cacheMisses;
        long written;
    }

    /** Tables of handles and zones are filled once in a process: not by a run that counts. */
    @BeforeAll
    static void fillWhatIsFilledOnce() throws Exception {
        RuleSource rules = new TestRules(TestRules.all(Shop.thirdView(1, 5)));
        try (TestJob job = new TestJob(new AlcedoOptions(), rules, AudienceSource.none(), "hashmap", 1)) {
            job.event(view(0, 0));
            job.restart(1);
            job.watermark(Shop.BEGIN);
        }
    }

    @Test
    void theLimitHoldsOnTheHeap() throws Exception {
        assertLimitHolds("hashmap");
    }

    @Test
    void theLimitHoldsOnRocksDb() throws Exception {
        assertLimitHolds("rocksdb");
    }

    private static void assertLimitHolds(String backend) throws Exception {
        Run roomy = run(backend, 64L << 20);
        // Else the small limit would hold by itself: half of the rounds wait at once.
        assertTrue(roomy.mostHeld > 2 * LIMIT, "held " + roomy.mostHeld);
        assertEquals(USERS, roomy.matches.size());
        Run tight = run(backend, LIMIT);
        assertEquals(roomy.matches, tight.matches);
        assertTrue(
                tight.mostHeld > LIMIT / 2 && tight.mostHeld <= LIMIT + OF_A_BUNDLE,
                "held " + tight.mostHeld + " under a limit of " + LIMIT);
        assertTrue(tight.cacheMisses > roomy.cacheMisses + USERS, "nobody left the cache");
        assertTrue(tight.written > roomy.written, "nobody was written before a barrier");
    }

    /** Half of the rounds wait for a watermark, which comes after a restart. Afterwards all is given back. */
    private static Run run(String backend, long limit) throws Exception {
        long before = NativeLoader.nativeBytes();
        assertTrue(before >= 0, "this library does not count its memory: build it by `make native`");
        AlcedoOptions options = new AlcedoOptions().cacheBytes(limit).bundleRecords(BUNDLE);
        RuleSource rules = new TestRules(TestRules.all(Shop.thirdView(1, 5)));
        Run run = new Run();
        try (TestJob job = new TestJob(options, rules, AudienceSource.none(), backend, 1)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int user = 0; user < USERS; user++) {
                    job.event(view(user, round));
                    if (user % BUNDLE == 0) {
                        look(job, run);
                    }
                }
                if (round == ROUNDS / 2) {
                    job.watermark(Shop.BEGIN + round * Shop.MINUTE - 1);
                    look(job, run);
                    count(job, run);
                    job.restart(1);
                }
            }
            job.watermark(Shop.BEGIN + ROUNDS * Shop.MINUTE);
            look(job, run);
            count(job, run);
            assertEquals(List.of(), job.late);
            assertEquals(List.of(), job.bad);
            run.matches = job.matchIds();
        }
        assertEquals(0, NativeLoader.openHandles(), "native objects left open");
        assertEquals(before, NativeLoader.nativeBytes(), "bytes that nobody gave back");
        return run;
    }

    private static Ingest view(int user, int round) {
        long time = Shop.BEGIN + round * Shop.MINUTE;
        String json =
                "{\"user\":\"u" + user + "\",\"type\":\"view\",\"time\":" + time + ",\"note\":\"" + PADDING + "\"}";
        long position = (long) round * USERS + user;
        return Ingest.event("u" + user, time, 0, position, json.getBytes(StandardCharsets.UTF_8));
    }

    private static void look(TestJob job, Run run) throws Exception {
        Metric held = job.metrics(0).get("alcedo.heldBytes");
        run.mostHeld = Math.max(run.mostHeld, (Long) ((Gauge<?>) held).getValue());
    }

    /** Adds up what this subtask counted; a restart begins at 0. */
    private static void count(TestJob job, Run run) throws Exception {
        Map<String, Metric> metrics = job.metrics(0);
        run.cacheMisses += ((Counter) metrics.get("alcedo.cacheMisses")).getCount();
        run.written += ((Counter) metrics.get("alcedo.stateWrittenBytes")).getCount();
    }
}
