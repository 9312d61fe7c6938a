package io.alcedo.bench.measure;

import io.alcedo.bench.Match;
import io.alcedo.flink.Ingest;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Takes events and does nothing. */
final class NothingOperator extends AbstractStreamOperator<Match> implements OneInputStreamOperator<Ingest, Match> {
    private static final long serialVersionUID = 1;

    @Override
    public void processElement(StreamRecord<Ingest> element) {
        // that is its task
    }
}
