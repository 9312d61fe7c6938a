package io.alcedo.flink;

import java.io.Serializable;

/** How user and time are found in a record: what a reader, once it runs, opens an {@link ExtractionRun} with. */
public final class Extraction implements Serializable {
    private static final long serialVersionUID = 1;

    /** Longest record in bytes; a longer one is bad ({@code too_large}). */
    static final int LONGEST_RECORD = 1 << 20;

    private final String mapping;
    private final Long maxAheadMillis;

    /**
     * An extraction.
     *
     * @param mapping input mapping as JSON; null = the default one
     * @param maxAheadMillis how far beyond its broker time an event may lie; null = no limit
     */
    public Extraction(String mapping, Long maxAheadMillis) {
        this.mapping = mapping;
        this.maxAheadMillis = maxAheadMillis;
    }

    ExtractionRun open() {
        return new ExtractionRun(mapping, maxAheadMillis);
    }
}
