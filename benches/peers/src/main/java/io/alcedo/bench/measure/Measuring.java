package io.alcedo.bench.measure;

import io.alcedo.bench.Match;
import io.alcedo.bench.Run;
import io.alcedo.bench.TallySink;
import io.alcedo.flink.FileEvents;
import io.alcedo.flink.Ingest;
import io.alcedo.flink.ReadOptions;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The measuring jobs: each adds one thing to the one before, and the difference is what it costs. */
public final class Measuring {
    private Measuring() {}

    /** Intake, keyBy, an operator that does nothing, the sink. */
    public static void passThrough(StreamExecutionEnvironment env, Run run) {
        nothing(PlainExtraction.stream(env, run.events()));
    }

    /** The same with user and time found by the engine, one native call a record. */
    public static void extraction(StreamExecutionEnvironment env, Run run) {
        nothing(extracted(env, run));
    }

    /** The same with records copied into native bundles, each handed over by one native call, and no engine behind. */
    public static void bundles(StreamExecutionEnvironment env, Run run) {
        extracted(env, run)
                .keyBy(Ingest::user, Types.STRING)
                .transform(
                        "bundles",
                        Match.TYPE,
                        new BundlesOperator(run.settings().number("bundle", 1000)))
                .sinkTo(TallySink.ofMatches());
    }

    /**
     * The same with every record's user read from the state, written to it and a timer set once an hour of the user's
     * time: what a job pays that keeps 200 bytes of state in Flink and has no cache before it.
     */
    public static void states(StreamExecutionEnvironment env, Run run) {
        extracted(env, run)
                .keyBy(Ingest::user, Types.STRING)
                .transform(
                        "states", Match.TYPE, new StatesOperator(run.settings().number("bundle", 1000)))
                .sinkTo(TallySink.ofMatches());
    }

    private static DataStream<Ingest> extracted(StreamExecutionEnvironment env, Run run) {
        return FileEvents.stream(env, List.of(new Path(run.events())), new ReadOptions());
    }

    private static void nothing(DataStream<Ingest> events) {
        events.keyBy(Ingest::user, Types.STRING)
                .transform("nothing", Match.TYPE, new NothingOperator())
                .sinkTo(TallySink.ofMatches());
    }
}
