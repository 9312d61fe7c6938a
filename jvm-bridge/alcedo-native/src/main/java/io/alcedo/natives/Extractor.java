package io.alcedo.natives;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Finds user and time in raw records, or says why they cannot be read: what a source needs before the records can be
 * keyed.
 *
 * <p>A native call costs more than what it finds, so records that are there together go in one:
 *
 * <pre>{@code
 * extractor.add(raw, brokerTime);              // for each; the bytes are copied
 * extractor.extractAll();
 * while (extractor.next()) {                   // in the order of adding
 *     switch (extractor.status()) { ... }      // user(), time(), id(), reason()
 * }
 * }</pre>
 *
 * <p>{@link #extract} is the same for one record. An answer stays until the next one.
 */
public final class Extractor extends NativeObject {
    /** The record's broker gave it no time. */
    public static final long NO_BROKER_TIME = Long.MIN_VALUE;

    private final DirectBuffer in = new DirectBuffer();
    private ByteBuffer out = answers(1);
    /** What came out, in Java's own memory: texts are made of it. */
    private byte[] found = new byte[0];

    private int end;
    private int added;
    private int left;
    /** Where the present answer begins in {@code found}, and the one after it. */
    private int at;

    private int after;
    private Status status = Status.BLANK;

    /** What a record is. */
    public enum Status {
        /** An event: {@link #user} and {@link #time} are known. */
        EVENT,
        /** A command: {@link #user} and {@link #id} are known. */
        COMMAND,
        /** A blank line, to be skipped. */
        BLANK,
        /** It cannot be read: {@link #reason} says why. */
        BAD
    }

    private Extractor(long handle) {
        super(handle);
    }

    private static ByteBuffer answers(int count) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(count, Layout.EXTRACT_LONGEST))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Opens an extractor.
     *
     * @param mappingOrNull where user, type, time and id are, as JSON; null: the default names
     * @param maxAheadMillisOrNull how far an event's time may lie beyond its broker's time; null: no bound
     */
    public static Extractor open(String mappingOrNull, Long maxAheadMillisOrNull) {
        NativeLoader.load();
        if (maxAheadMillisOrNull != null && maxAheadMillisOrNull < 0) {
            throw new IllegalArgumentException("max_ahead is " + maxAheadMillisOrNull + " ms: it cannot be negative");
        }
        String mapping = mappingOrNull == null ? "{}" : mappingOrNull;
        long maxAhead = maxAheadMillisOrNull == null ? -1 : maxAheadMillisOrNull;
        return new Extractor(Native.extractorOpen(mapping.getBytes(StandardCharsets.UTF_8), maxAhead));
    }

    /** Opens an extractor that reads commands. */
    public static Extractor commands() {
        NativeLoader.load();
        return new Extractor(Native.commandExtractorOpen());
    }

    /** Looks at one record; {@code brokerTime} is Unix ms or {@link #NO_BROKER_TIME}. */
    public Status extract(byte[] raw, long brokerTime) {
        return extract(raw, 0, raw.length, brokerTime);
    }

    /** Looks at one record that is a part of an array. */
    public Status extract(byte[] raw, int offset, int length, long brokerTime) {
        forget();
        add(raw, offset, length, brokerTime);
        extractAll();
        next();
        return status;
    }

    /**
     * Adds a record to those that {@link #extractAll} looks at; answers that were not read are gone.
     *
     * @param brokerTime Unix ms or {@link #NO_BROKER_TIME}
     */
    public void add(byte[] raw, long brokerTime) {
        add(raw, 0, raw.length, brokerTime);
    }

    private void add(byte[] raw, int offset, int length, long brokerTime) {
        long needed = (long) end + Layout.EXTRACT_RECORD_HEADER + length;
        ByteBuffer to = in.reserve("the records to extract", end, needed);
        to.putLong(end, brokerTime).putInt(end + Long.BYTES, length);
        to.position(end + Layout.EXTRACT_RECORD_HEADER);
        to.put(raw, offset, length).clear();
        end = (int) needed;
        added++;
        left = 0;
    }

    /** Bytes that were added and wait: 64 MiB at most may. */
    public int bytes() {
        return end;
    }

    /** Looks at all records that were added, in one native call. */
    public void extractAll() {
        int records = added;
        int length = end;
        forget();
        if (records == 0) {
            return;
        }
        if (out.capacity() / Layout.EXTRACT_LONGEST < records) {
            out = answers(records);
        }
        int written = Native.extract(handle(), in.get(), length, out);
        in.release();
        if (found.length < written) {
            found = new byte[out.capacity()];
        }
        out.get(found, 0, written).clear();
        left = records;
    }

    /** What was added and not looked at yet is gone too, so that a call that failed leaves nothing behind. */
    private void forget() {
        end = 0;
        added = 0;
        left = 0;
        after = 0;
        status = Status.BLANK;
    }

    /** Goes to the answer on the next record; false: there is none. */
    public boolean next() {
        if (left == 0) {
            return false;
        }
        left--;
        at = after;
        after = text() + length(text() - Short.BYTES);
        switch (found[at]) {
            case Layout.EXTRACT_EVENT:
                status = Status.EVENT;
                break;
            case Layout.EXTRACT_COMMAND:
                status = Status.COMMAND;
                after += Short.BYTES + length(after);
                break;
            case Layout.EXTRACT_BLANK:
                status = Status.BLANK;
                break;
            default:
                status = Status.BAD;
        }
        return true;
    }

    /** What the record is. */
    public Status status() {
        return status;
    }

    /** Whose event it is, or for whom the command is. */
    public String user() {
        if (status != Status.COMMAND) {
            check(Status.EVENT);
        }
        return text(text());
    }

    /** The command's id. */
    public String id() {
        check(Status.COMMAND);
        return text(text() + length(text() - Short.BYTES) + Short.BYTES);
    }

    /** When it was, Unix ms. */
    public long time() {
        check(Status.EVENT);
        return out.getLong(at + 1);
    }

    /** Why it cannot be read: a stable word. */
    public String reason() {
        check(Status.BAD);
        return text(text());
    }

    /** Where the answer's first text begins; its length lies before it. */
    private int text() {
        return at + Layout.EXTRACT_HEADER;
    }

    private int length(int at) {
        return Short.toUnsignedInt(out.getShort(at));
    }

    private String text(int from) {
        return new String(found, from, length(from - Short.BYTES), StandardCharsets.UTF_8);
    }

    private void check(Status wanted) {
        if (status != wanted) {
            throw new IllegalStateException("the record is " + status + ", not " + wanted);
        }
    }
}
