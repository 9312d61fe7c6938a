package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.Metric;
import org.junit.jupiter.api.Test;

/** What Flink's reporters see of a subtask. */
class OperatorMetricsTest {
    private static final Path PAGE = Path.of("../../docs/operators/monitoring.md");

    private static TestJob job(AlcedoOptions options, String... rules) throws Exception {
        return new TestJob(options, new TestRules(TestRules.all(rules)), new TestAudiences(), "hashmap", 1);
    }

    private static Ingest view(String user, int minute, long position) {
        return Shop.event(user, "view", 0, Shop.BEGIN + minute * Shop.MINUTE, position);
    }

    /** A rule that fires at the first view. */
    private static String rule(String id) {
        return Shop.thirdView(1, 1).replace("\"id\": \"views\"", "\"id\": \"" + id + "\"");
    }

    private static long number(Map<String, Metric> metrics, String name) {
        Metric metric = metrics.get(name);
        if (metric instanceof Counter) {
            return ((Counter) metric).getCount();
        }
        if (metric instanceof Histogram) {
            return ((Histogram) metric).getCount();
        }
        return (Long) ((Gauge<?>) metric).getValue();
    }

    @Test
    void recordsAndWhatBecameOfThem() throws Exception {
        try (TestJob job = job(new AlcedoOptions().skip(0, 9).dedupe(5), Shop.thirdView(1, 1), Shop.UNPAID)) {
            job.watermark(Shop.BEGIN);
            job.event(view("u1", 1, 0));
            job.event(view("u2", 0, 1)); // late
            job.event(view("u2", 1, 9)); // left out on demand
            job.event(Ingest.event("u3", Shop.BEGIN + Shop.MINUTE, 0, 3, "no json".getBytes(StandardCharsets.UTF_8)));
            job.event(Shop.event("u1", "order", 1, Shop.BEGIN + 2 * Shop.MINUTE, 4));
            job.tick();
            assertEquals(0, number(job.metrics(0), "alcedo.deadlinesOpen"), "the order waits for the watermark");
            job.watermark(Shop.BEGIN + 3 * Shop.MINUTE);
            assertEquals(1, number(job.metrics(0), "alcedo.deadlinesOpen"));
            job.watermark(Shop.BEGIN + 60 * Shop.MINUTE);
            Map<String, Metric> metrics = job.metrics(0);
            assertEquals(0, number(metrics, "alcedo.deadlinesOpen"));
            assertEquals(5, number(metrics, "alcedo.recordsIn"));
            assertEquals(2, number(metrics, "alcedo.eventsTaken"));
            assertEquals(1, number(metrics, "numLateRecordsDropped"));
            assertEquals(2, number(metrics, "numRecordsInErrors"));
            assertEquals(2, number(metrics, "alcedo.matches"));
            assertEquals(1, number(metrics, "alcedo.rule.views.matches"));
            assertEquals(1, number(metrics, "alcedo.rule.unpaid.matches"));
            assertEquals(0, number(metrics, "alcedo.rule._other.matches"));
            assertEquals(2, number(metrics, "alcedo.rulesLive"));
        }
    }

    @Test
    void timeAndSizes() throws Exception {
        AlcedoOptions options =
                new AlcedoOptions().order(AlcedoOptions.Order.ARRIVAL).bundleRecords(2);
        try (TestJob job = job(options, Shop.thirdView(1, 1))) {
            for (int i = 0; i < 6; i++) {
                job.event(view("u" + i, i, i));
            }
            job.watermark(Shop.BEGIN + 10 * Shop.MINUTE);
            Map<String, Metric> before = job.metrics(0);
            assertEquals(6, number(before, "alcedo.dirtyUsers"));
            job.snapshot();
            Map<String, Metric> metrics = job.metrics(0);
            assertEquals(0, number(metrics, "alcedo.dirtyUsers"));
            assertTrue(number(metrics, "alcedo.stateWrittenBytes") > 0);
            assertEquals(3, number(metrics, "alcedo.bundleNanos"));
            HistogramStatistics records = ((Histogram) metrics.get("alcedo.bundleRecords")).getStatistics();
            assertEquals(2, records.getMin());
            assertEquals(2, records.getMax());
            long bundles = sum(metrics, "alcedo.bundleNanos");
            assertTrue(bundles > 0);
            assertTrue(sum(metrics, "alcedo.watermarkNanos") > 0);
            assertTrue(sum(metrics, "alcedo.barrierNanos") > 0);
            assertTrue(number(metrics, "alcedo.nativeNanos") >= bundles + sum(metrics, "alcedo.watermarkNanos"));
        }
    }

    private static long sum(Map<String, Metric> metrics, String histogram) {
        long sum = 0;
        for (long value : ((Histogram) metrics.get(histogram)).getStatistics().getValues()) {
            sum += value;
        }
        return sum;
    }

    @Test
    void onlySoManyRulesHaveAMetricAndTheOthersShareOne() throws Exception {
        AlcedoOptions options =
                new AlcedoOptions().order(AlcedoOptions.Order.ARRIVAL).ruleMetrics(2);
        try (TestJob job = job(options, rule("c"), rule("a"), rule("b"))) {
            job.event(view("u1", 1, 0));
            job.tick();
            assertEquals(1, number(job.metrics(0), "alcedo.rule.a.matches"));
            assertEquals(1, number(job.metrics(0), "alcedo.rule._other.matches"));
            job.update(TestRules.all(rule("b"), rule("d"), rule("other")));
            job.event(view("u2", 2, 1));
            job.tick();
            Map<String, Metric> metrics = job.metrics(0);
            assertEquals(1, number(metrics, "alcedo.rule.a.matches")); // stopped, its place is kept
            assertEquals(2, number(metrics, "alcedo.rule.b.matches"));
            assertEquals(3, number(metrics, "alcedo.rule._other.matches"));
            assertEquals(Set.of("a", "b", "_other"), rulesOf(metrics));
        }
    }

    private static Set<String> rulesOf(Map<String, Metric> metrics) {
        Set<String> rules = new TreeSet<>();
        for (String name : metrics.keySet()) {
            if (name.startsWith("alcedo.rule.")) {
                rules.add(name.split("\\.")[2]);
            }
        }
        return rules;
    }

    @Test
    void aChangeOfRulesShowsWithoutAnyEvent() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), rule("a"))) {
            long epoch = number(job.metrics(0), "alcedo.rulesEpoch");
            job.update(TestRules.all(rule("a"), rule("b")));
            assertEquals(2, number(job.metrics(0), "alcedo.rulesLive"));
            assertEquals(epoch + 1, number(job.metrics(0), "alcedo.rulesEpoch"));
            assertEquals(0, number(job.metrics(0), "alcedo.rule.b.matches"));
        }
    }

    @Test
    void thePageTellsOfEveryMetricAndOfNoOther() throws Exception {
        Set<String> told = found("^\\| `([\\w.<>]+)` \\| (?:counter|gauge|histogram) \\|", PAGE);
        Set<String> registered = new TreeSet<>();
        try (TestJob job = job(new AlcedoOptions(), rule("a"))) {
            for (String name : job.metrics(0).keySet()) {
                registered.add(name.replaceFirst("^alcedo\\.rule\\.\\w+\\.", "alcedo.rule.<id>."));
            }
        }
        registered.add("alcedo.failedLooks"); // of the operator that watches the rules
        registered.removeIf(name -> !name.startsWith("alcedo.") && !told.contains(name)); // Flink's own
        assertEquals(registered, told);
    }

    @Test
    void thePageTellsWhatToDoAtEveryAlarm() throws Exception {
        Set<String> told = found("^\\| `(Alcedo\\w+)` \\|", PAGE);
        assertEquals(found("- alert: (\\w+)$", Path.of("../../deploy/prometheus/alerts.yml")), told);
        assertTrue(told.size() > 5, told.toString());
    }

    private static Set<String> found(String pattern, Path file) throws Exception {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(file));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void aHistogramKeepsTheLastValues() {
        LastValues values = new LastValues();
        assertEquals(0, values.getStatistics().getMax());
        assertEquals(0, values.getStatistics().getQuantile(0.5));
        for (int i = 1; i <= LastValues.KEPT + 100; i++) {
            values.update(i);
        }
        HistogramStatistics last = values.getStatistics();
        assertEquals(LastValues.KEPT + 100, values.getCount());
        assertEquals(LastValues.KEPT, last.size());
        assertEquals(101, last.getMin());
        assertEquals(LastValues.KEPT + 100, last.getMax());
        assertEquals(100 + LastValues.KEPT / 2, last.getQuantile(0.5));
        assertEquals(101, last.getQuantile(0));
        assertEquals(LastValues.KEPT + 100, last.getQuantile(1));
        assertEquals(100.5 + LastValues.KEPT / 2.0, last.getMean(), 0.001);
        assertEquals(147.8, last.getStdDev(), 0.1);
    }
}
