package io.alcedo.flink;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Event time with bounded out-of-orderness: the watermark lies so far behind the largest time of a readable event. What
 * cannot be read has no time and must not move it.
 */
public final class EventTime implements WatermarkGenerator<Ingest> {
    private final long bound;
    private long largest = Long.MIN_VALUE;

    private EventTime(Duration outOfOrderness) {
        bound = outOfOrderness.toMillis();
    }

    /**
     * The strategy for a source of records.
     *
     * @param outOfOrderness how far behind the largest time an event may still come
     * @param idleness after so long without a record a partition no longer holds time back; null = it always does
     */
    public static WatermarkStrategy<Ingest> strategy(Duration outOfOrderness, Duration idleness) {
        WatermarkStrategy<Ingest> strategy = WatermarkStrategy.<Ingest>forGenerator(c -> new EventTime(outOfOrderness))
                .withTimestampAssigner((record, broker) -> record.isEvent() ? record.time() : broker);
        return idleness == null ? strategy : strategy.withIdleness(idleness);
    }

    @Override
    public void onEvent(Ingest record, long timestamp, WatermarkOutput output) {
        if (record.isEvent()) {
            largest = Math.max(largest, record.time());
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        if (largest != Long.MIN_VALUE) {
            // An event at the watermark is late, so the moment itself stays open.
            output.emitWatermark(new Watermark(largest - bound - 1));
        }
    }
}
