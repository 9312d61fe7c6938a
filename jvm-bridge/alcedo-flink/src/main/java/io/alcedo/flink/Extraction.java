package io.alcedo.flink;

import io.alcedo.natives.Extractor;
import java.io.Serializable;
import java.util.Map;
import java.util.Properties;

/** How user and time are found in a record: what a reader, once it runs, opens an {@link ExtractionRun} with. */
public final class Extraction implements Serializable {
    private static final long serialVersionUID = 1;

    /** Longest record in bytes; a longer one is bad ({@code too_large}). */
    static final int LONGEST_RECORD = 1 << 20;

    private static final String MAPPING = "mapping";
    private static final String MAX_AHEAD = "max-ahead-ms";

    private final String mapping;
    private final Long maxAheadMillis;
    private final boolean commands;

    /**
     * An extraction.
     *
     * @param mapping input mapping as JSON; null = the default one
     * @param maxAheadMillis how far beyond its broker time an event may lie; null = no limit
     */
    public Extraction(String mapping, Long maxAheadMillis) {
        this(mapping, maxAheadMillis, false);
    }

    private Extraction(String mapping, Long maxAheadMillis, boolean commands) {
        this.mapping = mapping;
        this.maxAheadMillis = maxAheadMillis;
        this.commands = commands;
    }

    /** Reads commands, which have a shape of their own. */
    static Extraction commands() {
        return new Extraction(null, null, true);
    }

    /** Into a consumer's settings, for one that is opened by name and not by us. */
    void write(Properties to, String prefix) {
        if (mapping != null) {
            to.setProperty(prefix + MAPPING, mapping);
        }
        if (maxAheadMillis != null) {
            to.setProperty(prefix + MAX_AHEAD, maxAheadMillis.toString());
        }
    }

    /** What {@link #write} wrote. */
    static Extraction read(Map<String, ?> from, String prefix) {
        Object mapping = from.get(prefix + MAPPING);
        Object maxAhead = from.get(prefix + MAX_AHEAD);
        return new Extraction(
                mapping == null ? null : mapping.toString(),
                maxAhead == null ? null : Long.valueOf(maxAhead.toString()));
    }

    ExtractionRun open() {
        return new ExtractionRun(commands ? Extractor.commands() : Extractor.open(mapping, maxAheadMillis));
    }
}
