package io.alcedo.flink;

import io.alcedo.natives.Extractor;

/**
 * Finds user and time in records, or the reason why not: the engine's own extraction, so that no host reads an event in
 * a way of its own. Of one thread; who opened it closes it.
 */
final class ExtractionRun implements AutoCloseable {
    private static final String TOO_LARGE = "too_large";

    private final Extractor extractor;

    /** It owns the extractor. */
    ExtractionRun(Extractor extractor) {
        this.extractor = extractor;
    }

    /** A record of a broker, or null where it is blank. */
    Ingest record(byte[] raw, int partition, long position, long brokerTime) {
        return extract(raw, raw.length > Extraction.LONGEST_RECORD, partition, position, brokerTime);
    }

    /** A line of a file, or null where it is blank. {@code cut}: it was longer than the longest record. */
    Ingest line(byte[] raw, boolean cut, int partition, long number) {
        return extract(raw, cut, partition, number, Extractor.NO_BROKER_TIME);
    }

    private Ingest extract(byte[] raw, boolean tooLarge, int partition, long position, long brokerTime) {
        if (tooLarge) {
            return Ingest.bad(TOO_LARGE, partition, position, raw);
        }
        switch (extractor.extract(raw, brokerTime)) {
            case EVENT:
                return Ingest.event(extractor.user(), extractor.time(), partition, position, raw);
            case COMMAND:
                return Ingest.command(extractor.user(), extractor.id(), partition, position, raw);
            case BLANK:
                return null;
            default:
                return Ingest.bad(extractor.reason(), partition, position, raw);
        }
    }

    @Override
    public void close() {
        extractor.close();
    }
}
