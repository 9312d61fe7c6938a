package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.alcedo.natives.Audience;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the subtasks of a process read of an audience: once, while one of them has it. */
class SharedAudiencesTest {
    private static final String RULE = "{\"id\": \"vip\", \"revision\": 1, \"audience\": {\"id\": \"vips\"},"
            + " \"trigger\": {\"on\": {\"event\": \"view\"}}}";

    /** Counts how often members are asked for. */
    private static final class Counted implements AudienceSource {
        private static final long serialVersionUID = 1;

        private final AtomicInteger loads = new AtomicInteger();
        private final byte[] members =
                Audience.ofUsers("vips", List.of("u1", "u2")).members();
        private final String place;
        private volatile String version = "1";

        Counted(String place) {
            this.place = place;
        }

        @Override
        public InputStream load(String id) {
            loads.incrementAndGet();
            return new ByteArrayInputStream(members);
        }

        @Override
        public String version(String id) {
            return version;
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public String place() {
            return place;
        }

        @Override
        public String describe() {
            return "a test's memory";
        }
    }

    private static RulesInForce open(AudienceSource audiences, int subtask) throws InterruptedException {
        return RulesInForce.first(new TestRules(TestRules.all(RULE)), audiences, new AlcedoOptions(), subtask, 2);
    }

    private static List<RulesInForce> openAtOnce(AudienceSource audiences, int subtasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(subtasks);
        try {
            List<Callable<RulesInForce>> all = new ArrayList<>();
            for (int i = 0; i < subtasks; i++) {
                int subtask = i;
                all.add(() -> open(audiences, subtask));
            }
            List<RulesInForce> opened = new ArrayList<>();
            for (Future<RulesInForce> one : threads.invokeAll(all)) {
                opened.add(one.get());
            }
            return opened;
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void subtasksThatStartTogetherReadAnAudienceOnce() throws Exception {
        Counted audiences = new Counted("together");
        List<RulesInForce> subtasks = openAtOnce(audiences, 4);
        assertEquals(1, audiences.loads.get());
        audiences.version = "2";
        for (RulesInForce subtask : subtasks) {
            assertEquals(1, subtask.running().size());
            subtask.apply(TestRules.all(RULE), 0);
        }
        assertEquals(2, audiences.loads.get(), "a new version is read once too");
        subtasks.forEach(RulesInForce::close);
        open(audiences, 0).close();
        assertEquals(3, audiences.loads.get(), "nobody had it any more");
    }

    @Test
    void aSourceThatDoesNotSayWhatItIsIsReadByEach() throws Exception {
        Counted audiences = new Counted(null);
        openAtOnce(audiences, 3).forEach(RulesInForce::close);
        assertEquals(3, audiences.loads.get());
    }

    @Test
    void placesAreToldApart() throws Exception {
        Counted one = new Counted("one");
        Counted other = new Counted("other");
        try (RulesInForce first = open(one, 0);
                RulesInForce second = open(other, 1)) {
            assertEquals(1, first.running().size());
            assertEquals(1, second.running().size());
        }
        assertEquals(1, one.loads.get());
        assertEquals(1, other.loads.get());
    }
}
