package io.alcedo.flink;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Right after the source of commands: what cannot be read leaves to the bad records and into the audit, all else goes on.
 *
 * <p>Commands have no event time. Their stream is idle for ever, so that it neither holds the events' time back nor, at
 * its own end, moves it: a watermark of a source that ended would count as the end of time wherever the events are idle.
 */
final class CommandIntake extends AbstractStreamOperator<Ingest> implements OneInputStreamOperator<Ingest, Ingest> {
    private static final long serialVersionUID = 1;

    private transient Tally errors;

    @Override
    public void open() throws Exception {
        super.open();
        errors = getMetricGroup().counter("numRecordsInErrors", new Tally());
        ProcessingTimeService time = getProcessingTimeService();
        // Open itself emits nothing; the callback runs in the mailbox.
        time.registerTimer(time.getCurrentProcessingTime(), now -> output.emitWatermarkStatus(WatermarkStatus.IDLE));
    }

    @Override
    public void processElement(StreamRecord<Ingest> element) {
        Ingest record = element.getValue();
        if (record.isCommand()) {
            output.collect(element);
            return;
        }
        errors.inc();
        output.collect(Tags.BAD, new StreamRecord<>(record));
        long now = getProcessingTimeService().getCurrentProcessingTime();
        output.collect(Tags.AUDIT, new StreamRecord<>(RecordLines.unreadableCommand(record, now)));
    }

    @Override
    public void processWatermark(Watermark mark) {
        // commands have no event time
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) {
        // idle, whatever the source says
    }
}
