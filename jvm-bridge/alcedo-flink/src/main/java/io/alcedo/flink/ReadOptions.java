package io.alcedo.flink;

import java.time.Duration;

/** How events are read and timed, whatever they are read from. */
public final class ReadOptions {
    String mapping;
    Duration maxAhead;
    Duration outOfOrderness = Duration.ofSeconds(2);
    Duration idleness;
    double linesPerSecond;
    String name = "events";

    /** Input mapping as JSON; default: fields user, type, time (ms) and id of the record. */
    public ReadOptions mapping(String json) {
        mapping = json;
        return this;
    }

    /** An event further beyond its record's broker time is bad. Default none; files have no broker time. */
    public ReadOptions maxAhead(Duration value) {
        maxAhead = value;
        return this;
    }

    /** How far behind the largest time seen the watermark stays; default 2 s. */
    public ReadOptions outOfOrderness(Duration value) {
        outOfOrderness = value;
        return this;
    }

    /** After so long without a record a partition no longer holds time back; default never. */
    public ReadOptions idleness(Duration value) {
        idleness = value;
        return this;
    }

    /** Slows the reading of each file; default 0 = as fast as it can be. */
    public ReadOptions linesPerSecond(double value) {
        linesPerSecond = value;
        return this;
    }

    /** Name and uid of the source, for a job that has two of them; default "events". */
    public ReadOptions name(String value) {
        name = value;
        return this;
    }

    Extraction extraction() {
        return extraction(mapping);
    }

    Extraction extraction(String mapping) {
        return new Extraction(mapping, maxAhead == null ? null : maxAhead.toMillis());
    }
}
