package io.alcedo.bench.handwritten;

import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.Run;
import io.alcedo.bench.TallySink;
import io.alcedo.bench.intake.EventParser;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job that a good team writes by hand: typed events, rules found by event type, one compact state per user. */
public final class HandwrittenJob {
    private HandwrittenJob() {}

    /** Builds it. */
    public static void build(StreamExecutionEnvironment env, Run run) throws Exception {
        EventParser.stream(env, run.events())
                .keyBy(event -> event.user, Types.STRING)
                .process(new RulesFunction(Rule.read(run.settings().text("peers")), run.until()))
                .returns(Match.TYPE)
                .sinkTo(TallySink.ofMatches());
    }
}
