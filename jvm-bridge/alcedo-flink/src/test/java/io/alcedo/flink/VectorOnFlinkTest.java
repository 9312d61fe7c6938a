package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.natives.NativeLoader;
import io.alcedo.natives.Vector;
import io.alcedo.natives.VectorResults;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every golden vector through the operator, in every shape of bundle, cache, parallelism, state backend and restart. */
class VectorOnFlinkTest {
    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles(), "native objects left open");
    }

    @Test
    void inLargeBundles() {
        run(new Shape("hashmap", 1, 1000, 1000, 0));
    }

    @Test
    void oneRecordAtATimeWithACacheOfThreeUsers() {
        run(new Shape("hashmap", 2, 1, 3, 0));
    }

    @Test
    void restoredAfterEveryStep() {
        run(new Shape("hashmap", 1, 3, 3, 1));
    }

    @Test
    void rescaledInTheMiddleOfTheSteps() {
        run(new Shape("hashmap", 2, 1000, 3, 2));
    }

    @Test
    void onRocksDbRestoredInTheMiddleOfTheSteps() {
        run(new Shape("rocksdb", 1, 1000, 3, 6));
    }

    /** How a vector's steps are run. */
    private static final class Shape {
        final String backend;
        final int parallelism;
        final int bundle;
        final int cacheUsers;
        /** Snapshot and restore after so many steps, at 1 and 2 subtasks in turn; 0 = never. */
        final int restartEvery;

        Shape(String backend, int parallelism, int bundle, int cacheUsers, int restartEvery) {
            this.backend = backend;
            this.parallelism = parallelism;
            this.bundle = bundle;
            this.cacheUsers = cacheUsers;
            this.restartEvery = restartEvery;
        }
    }

    private static void run(Shape shape) {
        List<Vector> all = Vector.all();
        List<String> failed = new ArrayList<>();
        for (Vector vector : all) {
            try {
                List<String> differences = results(vector, shape).differences(vector);
                if (!differences.isEmpty()) {
                    failed.add(vector.name() + ":\n  " + String.join("\n  ", differences));
                }
            } catch (Exception e) {
                failed.add(vector.name() + ": " + e);
            }
        }
        assertTrue(failed.isEmpty(), failed.size() + " of " + all.size() + " differ\n" + String.join("\n", failed));
        assertEquals(Vector.files().size(), all.size(), "vectors that ran");
        assertTrue(all.size() > 230, "only " + all.size() + " vectors were found");
    }

    private static VectorResults results(Vector vector, Shape shape) throws Exception {
        TestAudiences audiences = new TestAudiences();
        vector.audiences().forEach(audience -> audiences.put(audience.id(), audience.members()));
        VectorResults results = new VectorResults();
        try (TestJob job = new TestJob(
                        options(vector, shape),
                        new TestRules(TestRules.all(vector.rules())),
                        audiences,
                        shape.backend,
                        shape.parallelism);
                ExtractionRun extraction = new Extraction(vector.mapping(), vector.maxAhead()).open()) {
            int steps = 0;
            for (Vector.Step step : vector.steps()) {
                step(job, step, audiences, extraction);
                if (shape.restartEvery > 0 && ++steps % shape.restartEvery == 0) {
                    // A vector may have gone to any number itself.
                    job.restart(shape.parallelism == 1 || job.parallelism() > 1 ? 1 : 2);
                }
            }
            job.tick();
            job.snapshot(); // it writes the cache back, so that the state is complete
            results.kept(job.users());
            job.count();
            job.counted.forEach(results::counted);
            job.matches.forEach(match -> results.match(match.json()));
            job.late.forEach(late -> results.late(late.position()));
            job.bad.forEach(bad -> results.bad(bad.position(), bad.reason()));
            // Every subtask tells the same.
            results.statuses(job.statuses.stream()
                    .filter(line -> line.contains("\"subtask\":0,"))
                    .collect(Collectors.toList())
                    .toString());
        }
        return results;
    }

    private static AlcedoOptions options(Vector vector, Shape shape) {
        boolean fire = vector.steps().stream().anyMatch(step -> step.kind == Vector.Kind.END && step.flag);
        AlcedoOptions options = new AlcedoOptions()
                .mapping(vector.mapping())
                .until(vector.until())
                .endOfInput(fire ? AlcedoOptions.EndOfInput.FIRE : AlcedoOptions.EndOfInput.HOLD)
                .bundleRecords(shape.bundle)
                .cacheUsers(shape.cacheUsers)
                .dirtyUsers(2)
                .dedupe(vector.dedupe());
        if (vector.arrivalLateness() != null) {
            options.order(AlcedoOptions.Order.ARRIVAL).lateness(java.time.Duration.ofMillis(vector.arrivalLateness()));
        }
        return options;
    }

    private static void step(TestJob job, Vector.Step step, TestAudiences audiences, ExtractionRun extraction)
            throws Exception {
        switch (step.kind) {
            case RECORD:
                extraction.record(step.raw, step.partition, step.number, step.brokerTime);
                List<Ingest> found = new ArrayList<>();
                extraction.extract(found::add);
                for (Ingest record : found) {
                    record(job, record);
                }
                break;
            case WATERMARK:
                job.watermark(step.number);
                break;
            case RULES:
                job.update(TestRules.update(step.flag, step.rules));
                break;
            case AUDIENCE:
                step.audiences.forEach(audience -> audiences.put(audience.id(), audience.members()));
                job.update(TestRules.update(false));
                break;
            case RESTART:
                job.restart(job.parallelism());
                break;
            case RESCALE:
                job.restart((int) step.number);
                break;
            default:
                job.watermark(Long.MAX_VALUE);
        }
    }

    /** What the source finds unreadable never reaches the operator. */
    private static void record(TestJob job, Ingest record) throws Exception {
        if (record.isEvent()) {
            job.event(record);
        } else {
            job.bad.add(record);
        }
    }
}
