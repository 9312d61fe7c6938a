package io.alcedo.natives;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a vector through the engine with a map in the place of a keyed store and its timers. */
final class VectorHost implements AutoCloseable {
    private final Shape shape;
    private final VectorResults results = new VectorResults();
    private final EngineConfig config;
    private final Extractor extractor;
    private final Map<String, Audience> audiences = new LinkedHashMap<>();
    private RuleBook book;
    private List<VectorSubtask> subtasks = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;

    /** How the stream is cut and how much the engine may keep. */
    static final class Shape {
        final int batch;
        final long cacheUsers;
        final long dirtyUsers;
        /** Snapshot, close and restore after every so many steps; 0 = never. */
        final int restartEvery;

        Shape(int batch, long cacheUsers, long dirtyUsers, int restartEvery) {
            this.batch = batch;
            this.cacheUsers = cacheUsers;
            this.dirtyUsers = dirtyUsers;
            this.restartEvery = restartEvery;
        }
    }

    private VectorHost(Vector vector, Shape shape) {
        this.shape = shape;
        config = new EngineConfig()
                .mapping(vector.mapping())
                .until(vector.until())
                .cacheUsers(shape.cacheUsers)
                .dirtyUsers(shape.dirtyUsers)
                .dedupe(vector.dedupe());
        if (vector.arrivalLateness() != null) {
            config.arrival(vector.arrivalLateness());
        }
        extractor = Extractor.open(vector.mapping(), vector.maxAhead());
        book = RuleBook.open(null);
        vector.audiences().forEach(this::bring);
        apply(new RuleUpdate(true, RuleUpdate.AT_START).document("vector", vector.rules()));
        open(1);
    }

    /** What comes out of a vector. */
    static VectorResults run(Vector vector, Shape shape) {
        try (VectorHost host = new VectorHost(vector, shape)) {
            int steps = 0;
            for (Vector.Step step : vector.steps()) {
                host.step(step);
                if (shape.restartEvery > 0 && ++steps % shape.restartEvery == 0) {
                    host.restart(host.subtasks.size());
                }
            }
            host.subtasks.forEach(VectorSubtask::writeBack);
            host.subtasks.forEach(subtask -> host.results.counted(subtask.counters()));
            host.results.kept(host.subtasks.stream()
                    .mapToInt(subtask -> subtask.states.size())
                    .sum());
            return host.results;
        }
    }

    private void step(Vector.Step step) {
        switch (step.kind) {
            case RECORD:
                record(step);
                break;
            case WATERMARK:
                watermark = Math.max(watermark, step.number);
                subtasks.forEach(subtask -> subtask.watermark(step.number));
                break;
            case RULES:
                update(new RuleUpdate(step.flag, watermark).document("vector", step.rules));
                break;
            case AUDIENCE:
                // What came before the change is judged by the members before it.
                subtasks.forEach(VectorSubtask::flush);
                step.audiences.forEach(this::bring);
                update(new RuleUpdate(false, watermark));
                break;
            case RESTART:
                restart(subtasks.size());
                break;
            case RESCALE:
                restart((int) step.number);
                break;
            default:
                subtasks.forEach(subtask -> subtask.end(step.flag));
        }
    }

    private void record(Vector.Step step) {
        switch (extractor.extract(step.raw, step.brokerTime)) {
            case EVENT:
                VectorSubtask subtask = owner(extractor.user());
                subtask.event(extractor.user(), extractor.time(), step);
                if (subtask.records() >= shape.batch) {
                    subtask.flush();
                }
                break;
            case BAD:
                results.bad(step.number, extractor.reason());
                break;
            default:
        }
    }

    private VectorSubtask owner(String user) {
        return subtasks.get(Math.floorMod(user.hashCode(), subtasks.size()));
    }

    private void bring(Audience audience) {
        audiences.put(audience.id(), audience);
        book.audience(audience.id(), audience.members());
    }

    private void update(RuleUpdate update) {
        subtasks.forEach(VectorSubtask::flush);
        apply(update);
        subtasks.forEach(subtask -> subtask.publish(book));
    }

    private void apply(RuleUpdate update) {
        results.statuses(book.apply(update));
    }

    /** Only bytes survive: the states, the timers, the book and the watermark. */
    private void restart(int parallelism) {
        List<VectorSubtask> before = subtasks;
        before.forEach(VectorSubtask::writeBack);
        before.forEach(subtask -> results.counted(subtask.counters()));
        byte[] kept = book.encode();
        book.close();
        book = RuleBook.open(kept);
        book.audiences().stream().map(audiences::get).filter(a -> a != null).forEach(this::bring);
        // It compiles what runs again; what became of that was told when it came.
        book.apply(new RuleUpdate(false, watermark));
        open(parallelism);
        for (VectorSubtask old : before) {
            old.states.forEach((user, state) -> owner(user).adopt(user, state, old.timersOf(user)));
            old.close();
        }
    }

    private void open(int parallelism) {
        subtasks = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            subtasks.add(new VectorSubtask(config, book, watermark, results));
        }
    }

    @Override
    public void close() {
        subtasks.forEach(VectorSubtask::close);
        extractor.close();
        book.close();
    }
}
