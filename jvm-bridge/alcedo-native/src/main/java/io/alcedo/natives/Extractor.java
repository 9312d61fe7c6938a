package io.alcedo.natives;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Finds user and time in a raw record, or says why it cannot be read: what a source needs before the records can be
 * keyed. The answer to the last {@link #extract} stays until the next.
 */
public final class Extractor extends NativeObject {
    /** The record's broker gave it no time. */
    public static final long NO_BROKER_TIME = Long.MIN_VALUE;

    private final DirectBuffer in = new DirectBuffer();
    private final ByteBuffer out =
            ByteBuffer.allocateDirect(Layout.EXTRACT_HEADER + 512).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] text = new byte[256];
    private Status status = Status.BLANK;
    private long time;
    private int length;

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

    /** Looks at a record; {@code brokerTime} is Unix ms or {@link #NO_BROKER_TIME}. */
    public Status extract(byte[] raw, long brokerTime) {
        return extract(raw, 0, raw.length, brokerTime);
    }

    /** Looks at a record that is a part of an array. */
    public Status extract(byte[] raw, int offset, int length, long brokerTime) {
        ByteBuffer buffer = in.reserve("a record", 0, length);
        buffer.clear();
        buffer.put(raw, offset, length);
        Native.extract(handle(), buffer, length, brokerTime, out);
        in.release();
        return read();
    }

    private Status read() {
        time = out.getLong(1);
        length = Short.toUnsignedInt(out.getShort(1 + Long.BYTES));
        switch (out.get(0)) {
            case Layout.EXTRACT_EVENT:
                status = Status.EVENT;
                break;
            case Layout.EXTRACT_COMMAND:
                status = Status.COMMAND;
                break;
            case Layout.EXTRACT_BLANK:
                status = Status.BLANK;
                break;
            default:
                status = Status.BAD;
        }
        return status;
    }

    /** Whose event the last record was, or for whom the command is. */
    public String user() {
        if (status != Status.COMMAND) {
            check(Status.EVENT);
        }
        return text(Layout.EXTRACT_HEADER, length);
    }

    /** The command's id. */
    public String id() {
        check(Status.COMMAND);
        int at = Layout.EXTRACT_HEADER + length;
        return text(at + Short.BYTES, Short.toUnsignedInt(out.getShort(at)));
    }

    /** When it was, Unix ms. */
    public long time() {
        check(Status.EVENT);
        return time;
    }

    /** Why the last record cannot be read: a stable word. */
    public String reason() {
        check(Status.BAD);
        return text(Layout.EXTRACT_HEADER, length);
    }

    private String text(int from, int length) {
        out.position(from);
        out.get(text, 0, length);
        out.clear();
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    private void check(Status wanted) {
        if (status != wanted) {
            throw new IllegalStateException("the last record is " + status + ", not " + wanted);
        }
    }
}
