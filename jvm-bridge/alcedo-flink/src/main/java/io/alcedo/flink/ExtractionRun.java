package io.alcedo.flink;

import io.alcedo.natives.Extractor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds user and time in records, or the reason why not: the engine's own extraction, so that no host reads an event in
 * a way of its own. Records that are there together are added one by one and extracted in one native call. Of one
 * thread; who opened it closes it.
 */
final class ExtractionRun implements AutoCloseable {
    private static final String TOO_LARGE = "too_large";

    /** Bytes after which those that were added are to be extracted, so that long records do not pile up. */
    private static final int ENOUGH = 1 << 20;

    private final Extractor extractor;
    private final List<Added> waiting = new ArrayList<>();

    /** A record whose answer is still to come. */
    private static final class Added {
        final byte[] raw;
        final boolean tooLarge;
        final int partition;
        final long position;

        Added(byte[] raw, boolean tooLarge, int partition, long position) {
            this.raw = raw;
            this.tooLarge = tooLarge;
            this.partition = partition;
            this.position = position;
        }
    }

    /** It owns the extractor. */
    ExtractionRun(Extractor extractor) {
        this.extractor = extractor;
    }

    /** Adds a record of a broker. */
    void record(byte[] raw, int partition, long position, long brokerTime) {
        add(raw, raw.length > Extraction.LONGEST_RECORD, partition, position, brokerTime);
    }

    /** Adds a line of a file. {@code cut}: it was longer than the longest record. */
    void line(byte[] raw, boolean cut, int partition, long number) {
        add(raw, cut, partition, number, Extractor.NO_BROKER_TIME);
    }

    private void add(byte[] raw, boolean tooLarge, int partition, long position, long brokerTime) {
        waiting.add(new Added(raw, tooLarge, partition, position));
        if (!tooLarge) {
            extractor.add(raw, brokerTime);
        }
    }

    /** Whether so much was added that it should be extracted before more is. */
    boolean isFull() {
        return extractor.bytes() >= ENOUGH;
    }

    /** Gives what was found in each record that was added, in their order; blank ones are nothing. */
    void extract(Consumer<Ingest> found) {
        try {
            extractor.extractAll();
            for (Added record : waiting) {
                Ingest ingest = record.tooLarge ? bad(record, TOO_LARGE) : next(record);
                if (ingest != null) {
                    found.accept(ingest);
                }
            }
        } finally {
            waiting.clear();
        }
    }

    private Ingest next(Added record) {
        extractor.next();
        switch (extractor.status()) {
            case EVENT:
                return Ingest.event(extractor.user(), extractor.time(), record.partition, record.position, record.raw);
            case COMMAND:
                return Ingest.command(extractor.user(), extractor.id(), record.partition, record.position, record.raw);
            case BLANK:
                return null;
            default:
                return bad(record, extractor.reason());
        }
    }

    private static Ingest bad(Added record, String reason) {
        return Ingest.bad(reason, record.partition, record.position, record.raw);
    }

    @Override
    public void close() {
        extractor.close();
    }
}
