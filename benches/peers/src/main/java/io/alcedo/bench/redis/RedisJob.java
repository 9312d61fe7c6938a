package io.alcedo.bench.redis;

import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.Run;
import io.alcedo.bench.TallySink;
import io.alcedo.bench.intake.EventParser;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Counts whose state is in Redis, shared with whoever else asks for it. One Lua script, loaded once, does all that a
 * condition needs in one command, so a touched condition costs one round trip at most.
 *
 * <p>{@code pipeline=1}: each condition is asked and waited for. Above it: the commands of so many events are sent
 * together and their answers read together.
 */
public final class RedisJob {
    private RedisJob() {}

    /** Builds it; the settings name the port of a Redis on this machine. */
    public static void build(StreamExecutionEnvironment env, Run run) throws Exception {
        int port = (int) run.settings().number("port", 6379);
        int pipeline = (int) run.settings().number("pipeline", 1);
        EventParser.stream(env, run.events())
                .keyBy(event -> event.user, Types.STRING)
                .transform(
                        "redis",
                        Match.TYPE,
                        new RedisOperator(Rule.read(run.settings().text("peers")), port, pipeline))
                .sinkTo(TallySink.ofMatches());
    }
}
