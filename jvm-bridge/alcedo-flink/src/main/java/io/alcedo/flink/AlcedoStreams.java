package io.alcedo.flink;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** What comes out of {@link Alcedo#matches}. */
public final class AlcedoStreams {
    private final SingleOutputStreamOperator<MatchRecord> matches;
    private final DataStream<Ingest> bad;

    AlcedoStreams(SingleOutputStreamOperator<MatchRecord> matches, DataStream<Ingest> unreadable) {
        this.matches = matches;
        this.bad = unreadable.union(matches.getSideOutput(Tags.BAD));
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

    /** What became of each rule on each subtask, one JSON object each. */
    public DataStream<String> ruleStatus() {
        return matches.getSideOutput(Tags.RULE_STATUS);
    }
}
