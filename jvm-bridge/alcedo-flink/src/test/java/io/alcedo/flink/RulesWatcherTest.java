package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator that watches the rules. */
class RulesWatcherTest {
    @TempDir
    Path folder;

    @Test
    void sendsTheSetAtOnceAndAgainWhenItChanges() throws Exception {
        Files.writeString(folder.resolve("a.json"), "A");
        RulesWatcher watcher =
                new RulesWatcher(new DirectoryRules(folder.toString()), AudienceSource.none(), Duration.ofMillis(20));
        try (var harness = new OneInputStreamOperatorTestHarness<>(watcher)) {
            harness.open();
            assertEquals("A", next(harness, 1).text(0));
            Files.writeString(folder.resolve("a.json"), "A2");
            assertEquals("A2", next(harness, 2).text(0));
            harness.processWatermark(new Watermark(5));
            assertEquals(2, harness.getOutput().size(), "rules have no event time");
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("alcedo-rules-watcher")) {
                thread.join(2000);
                assertFalse(thread.isAlive(), "its thread outlives it");
            }
        }
    }

    private static RulesUpdate next(OneInputStreamOperatorTestHarness<Ingest, RulesUpdate> harness, int count)
            throws Exception {
        long end = System.nanoTime() + 10_000_000_000L;
        while (harness.getOutput().size() < count && System.nanoTime() < end) {
            Thread.sleep(10);
            harness.setProcessingTime(harness.getProcessingTime() + 20);
        }
        List<RulesUpdate> values = harness.extractOutputValues();
        assertEquals(count, values.size());
        return values.get(count - 1);
    }
}
