package io.alcedo.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The matches of the run that is going on, folded into a number that does not depend on their order: two runs with the
 * same count and the same 128 bits gave the same matches, each as often. Runs of one JVM follow each other.
 */
public final class Tally {
    private static final long SEED_LOW = 0x9E3779B97F4A7C15L;
    private static final long SEED_HIGH = 0xC2B2AE3D27D4EB4FL;

    private static long count;
    private static long low;
    private static long high;
    private static BufferedWriter lines;

    private Tally() {}

    /** Forgets the run before; writes each match to this file too, unless it is null. */
    static synchronized void begin(Path fileOrNull) throws IOException {
        count = 0;
        low = 0;
        high = 0;
        lines = fileOrNull == null ? null : Files.newBufferedWriter(fileOrNull);
    }

    /** Takes a match down; {@code time} in Unix ms. */
    public static synchronized void add(String rule, String user, long time) {
        count++;
        low += hash(SEED_LOW, rule, user, time);
        high += hash(SEED_HIGH, rule, user, time);
        if (lines != null) {
            write(rule, user, time);
        }
    }

    private static void write(String rule, String user, long time) {
        try {
            lines.write(rule + '\t' + user + '\t' + time + '\n');
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the matches: " + e.getMessage(), e);
        }
    }

    private static long hash(long seed, String rule, String user, long time) {
        return mix(text(text(mix(seed ^ time), rule) ^ seed, user));
    }

    private static long text(long hash, String text) {
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }

    private static long mix(long x) {
        x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }

    /** The number of matches and what they fold into, as fields of JSON. */
    static synchronized String end() throws IOException {
        if (lines != null) {
            lines.close();
        }
        return String.format("\"matches\":%d,\"digest\":\"%016x%016x\"", count, high, low);
    }
}
