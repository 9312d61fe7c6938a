package io.alcedo.flink;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** What comes out of {@link Alcedo#matches}. */
public final class AlcedoStreams {
    private final SingleOutputStreamOperator<MatchRecord> matches;
    private final DataStream<Ingest> bad;
    private final DataStream<String> audit;

    AlcedoStreams(
            SingleOutputStreamOperator<MatchRecord> matches,
            SingleOutputStreamOperator<Ingest> events,
            SingleOutputStreamOperator<Ingest> commandsOrNull) {
        this.matches = matches;
        DataStream<Ingest> unreadable = events.getSideOutput(Tags.BAD).union(matches.getSideOutput(Tags.BAD));
        DataStream<String> done = matches.getSideOutput(Tags.AUDIT);
        bad = commandsOrNull == null ? unreadable : unreadable.union(commandsOrNull.getSideOutput(Tags.BAD));
        audit = commandsOrNull == null ? done : done.union(commandsOrNull.getSideOutput(Tags.AUDIT));
    }

    /** Rules that fired. */
    public DataStream<MatchRecord> matches() {
        return matches;
    }

    /** Events that came too late to be judged. */
    public DataStream<Ingest> late() {
        return matches.getSideOutput(Tags.LATE);
    }

    /** Records that cannot be read, with the reason. */
    public DataStream<Ingest> bad() {
        return bad;
    }

    /** What became of each command, one JSON object each. */
    public DataStream<String> audit() {
        return audit;
    }

    /**
     * What became of each rule on each subtask, one JSON object each; among them, if asked for ({@link
     * AlcedoOptions#heartbeat}), that a subtask is there.
     */
    public DataStream<String> ruleStatus() {
        return matches.getSideOutput(Tags.RULE_STATUS);
    }

    /** Whether this line of {@link #ruleStatus} only says that its subtask is there: the next one will say the same. */
    public static boolean isHeartbeat(String line) {
        return RuleStatusLines.isHeartbeat(line);
    }
}
