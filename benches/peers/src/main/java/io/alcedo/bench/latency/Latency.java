package io.alcedo.bench.latency;

import java.util.Arrays;
import java.util.Locale;

/**
 * How long matches took, of one run. The load is open: record p is due at begin + p / rate whatever happens to those
 * before it, and its match is late by all that passes after that moment, waiting before the source included.
 */
public final class Latency {
    private static final int MOST = 1 << 20;

    private static double nanosPerRecord;
    private static long begin;
    private static long[] nanos = new long[MOST];
    private static long[] positions = new long[MOST];
    private static int size;

    private Latency() {}

    /** Forgets the run before; {@code rate} in records a second, 0 where no latency is asked for. */
    static synchronized void begin(double rate) {
        nanosPerRecord = rate == 0 ? 0 : 1e9 / rate;
        begin = Long.MAX_VALUE;
        size = 0;
    }

    /** The source gives this record: of all it gives, the one that came least late tells when it began. */
    static void given(long position) {
        begin = Math.min(begin, System.nanoTime() - (long) (position * nanosPerRecord));
    }

    /** A match that this record caused is at the sink. */
    static synchronized void matched(long position) {
        if (size < MOST) {
            positions[size] = position;
            nanos[size++] = System.nanoTime();
        }
    }

    /** The percentiles in ms as fields of JSON, or nothing if no latency was asked for. */
    public static synchronized String end() {
        if (size == 0) {
            return "";
        }
        long[] late = new long[size];
        for (int i = 0; i < size; i++) {
            late[i] = nanos[i] - begin - (long) (positions[i] * nanosPerRecord);
        }
        size = 0;
        Arrays.sort(late);
        return String.format(
                Locale.ROOT,
                ",\"latency_ms\":{\"p50\":%.1f,\"p99\":%.1f,\"p99.9\":%.1f,\"of\":%d}",
                at(late, 0.5),
                at(late, 0.99),
                at(late, 0.999),
                late.length);
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))] / 1e6;
    }
}
