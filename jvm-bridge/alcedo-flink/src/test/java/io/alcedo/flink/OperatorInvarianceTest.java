package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.natives.NativeLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** However the stream is cut, cached, restored or spread: the same matches, each out with the watermark it is due at. */
class OperatorInvarianceTest {
    private static final List<Ingest> LOG = Shop.log(25, 2000);
    private static final int RECORDS_PER_WATERMARK = 40;

    private static List<String> expected;

    @BeforeAll
    static void withRoomForAll() throws Exception {
        expected = run(new AlcedoOptions(), "hashmap", new int[] {1}, 0);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles(), "native objects left open");
    }

    @Test
    void bundlesOfOne() throws Exception {
        assertEquals(expected, run(small().bundleRecords(1), "hashmap", new int[] {1}, 0));
    }

    @Test
    void bundlesOfThree() throws Exception {
        assertEquals(expected, run(small().bundleRecords(3), "hashmap", new int[] {1}, 0));
    }

    @Test
    void bundlesByBytes() throws Exception {
        assertEquals(expected, run(small().bundleBytes(500), "hashmap", new int[] {1}, 0));
    }

    @Test
    void restoredAgainAndAgain() throws Exception {
        assertEquals(expected, run(small(), "hashmap", new int[] {1}, 7));
    }

    @Test
    void rescaledFromOneToTwoToThree() throws Exception {
        assertEquals(expected, run(small(), "hashmap", new int[] {1, 2, 3, 1}, 11));
    }

    @Test
    void rescaledOnRocksDb() throws Exception {
        assertEquals(expected, run(small(), "rocksdb", new int[] {1, 2}, 7));
    }

    /** Two rules, a cache of three users of whom one may be dirty. */
    private static AlcedoOptions small() {
        return new AlcedoOptions().cacheUsers(3).dirtyUsers(1);
    }

    private static List<String> run(AlcedoOptions options, String backend, int[] parallelisms, int restartEvery)
            throws Exception {
        options.endOfInput(AlcedoOptions.EndOfInput.FIRE);
        RuleSource rules = new TestRules(TestRules.all(Shop.THIRD_VIEW, Shop.UNPAID));
        try (TestJob job = new TestJob(options, rules, AudienceSource.none(), backend, parallelisms[0])) {
            List<String> byWatermark = new ArrayList<>();
            int watermarks = 0;
            for (int i = 0; i < LOG.size(); i++) {
                job.event(LOG.get(i));
                if (i % RECORDS_PER_WATERMARK == RECORDS_PER_WATERMARK - 1) {
                    job.watermark(LOG.get(i).time() - 1);
                    watermarks++;
                    byWatermark.add(watermarks + " " + job.matchIds());
                } else if (i % RECORDS_PER_WATERMARK == RECORDS_PER_WATERMARK / 2
                        && restartEvery > 0
                        && watermarks % restartEvery == restartEvery - 1) {
                    // between two watermarks, so that the barrier finds a bundle that has begun
                    job.restart(parallelisms[(watermarks + 1) / restartEvery % parallelisms.length]);
                }
            }
            job.watermark(Long.MAX_VALUE);
            assertEquals(List.of(), job.late, "the log is in order");
            assertTrue(job.matches.size() > 200, "only " + job.matches.size() + " matches: too few to show anything");
            byWatermark.add("end " + job.matchIds());
            return byWatermark;
        }
    }
}
