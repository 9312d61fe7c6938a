package io.alcedo.flink;

import java.util.function.LongSupplier;

/**
 * So many lines a minute in the log and no more, with a count of what was left out: a log must not fill with what a
 * broken producer or a flapping mount does. Metrics count all of it.
 */
public final class LogLimit {
    private static final long MINUTE = 60_000_000_000L;

    private final int perMinute;
    private final LongSupplier nanoTime;
    private long begin;
    private int told;
    private long leftOut;

    /** So many lines in each minute from the first one on. */
    public LogLimit(int perMinute) {
        this(perMinute, System::nanoTime);
    }

    LogLimit(int perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
        begin = nanoTime.getAsLong();
    }

    /** Runs {@code line} if it may be told now; it is given {@code ""}, or how many were left out since the last one. */
    public synchronized void tell(Line line) {
        long now = nanoTime.getAsLong();
        if (now - begin >= MINUTE) {
            begin = now;
            told = 0;
        }
        if (told >= perMinute) {
            leftOut++;
            return;
        }
        told++;
        String before = leftOut == 0 ? "" : " (" + leftOut + " more lines like this were left out before)";
        leftOut = 0;
        line.write(before);
    }

    /** Writes one line. */
    @FunctionalInterface
    public interface Line {
        /** Writes it, with this at its end. */
        void write(String leftOut);
    }
}
