package io.alcedo.flink;

import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** The operator's outputs; each record carries its event time. */
final class Outputs {
    private final Output<StreamRecord<MatchRecord>> output;

    Outputs(Output<StreamRecord<MatchRecord>> output) {
        this.output = output;
    }

    void match(MatchRecord match) {
        output.collect(new StreamRecord<>(match, match.time()));
    }

    void late(Ingest event) {
        output.collect(Tags.LATE, new StreamRecord<>(event, event.time()));
    }

    void bad(Ingest record) {
        output.collect(Tags.BAD, new StreamRecord<>(record, record.time()));
    }

    void audit(String line) {
        output.collect(Tags.AUDIT, new StreamRecord<>(line));
    }

    void ruleStatus(String line) {
        output.collect(Tags.RULE_STATUS, new StreamRecord<>(line));
    }
}
