package io.alcedo.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Right after the source: what cannot be read leaves to the bad-record output, all else goes on. */
final class SplitBad extends ProcessFunction<Ingest, Ingest> {
    private static final long serialVersionUID = 1;

    private transient Tally errors;

    @Override
    public void open(OpenContext context) {
        errors = getRuntimeContext().getMetricGroup().counter("numRecordsInErrors", new Tally());
    }

    @Override
    public void processElement(Ingest record, Context context, Collector<Ingest> out) {
        if (record.isEvent()) {
            out.collect(record);
        } else {
            errors.inc();
            context.output(Tags.BAD, record);
        }
    }
}
