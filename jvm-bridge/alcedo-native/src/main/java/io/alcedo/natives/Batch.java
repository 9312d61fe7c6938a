package io.alcedo.natives;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The records that go to the engine with the next {@link AlcedoEngine#begin()}. They are copied into native memory when
 * they are added. What the engine does not take at once stays, in order, and nothing may be added until it is gone.
 */
public final class Batch {
    private static final byte[] NOTHING = new byte[0];

    private final DirectBuffer memory = new DirectBuffer();
    private int start;
    private int end;
    private int records;

    Batch() {}

    /**
     * Adds an event.
     *
     * @param time event time, Unix ms
     * @param partition source partition
     * @param position offset in the partition, or line number from 0
     * @param raw the record's bytes as they came
     */
    public void event(String user, long time, int partition, long position, byte[] raw) {
        event(user, time, partition, position, raw, 0, raw.length);
    }

    /** Adds an event whose bytes are a part of an array. */
    public void event(String user, long time, int partition, long position, byte[] raw, int offset, int length) {
        add(Layout.KIND_EVENT, user, time, partition, position, raw, offset, length);
    }

    /**
     * Adds a command.
     *
     * @param user whom the command names
     * @param again whether its id was seen before: then it is told and not carried out
     * @param now what the audit is to say about when, Unix ms
     * @param raw the command's bytes as they came
     */
    public void command(String user, boolean again, long now, int partition, long position, byte[] raw) {
        int kind = again ? Layout.KIND_COMMAND_AGAIN : Layout.KIND_COMMAND;
        add(kind, user, now, partition, position, raw, 0, raw.length);
    }

    /**
     * Adds a user whose timer fired: the engine brings him into its cache and his clock to the timer's time.
     *
     * @param time the time for which the timer was set, Unix ms
     */
    public void touch(String user, long time) {
        add(Layout.KIND_TOUCH, user, time, 0, 0, NOTHING, 0, 0);
    }

    private void add(int kind, String user, long time, int partition, long position, byte[] raw, int from, int length) {
        if (start > 0) {
            throw new AlcedoException("the engine has taken a part of this batch: begin with the rest before adding");
        }
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > Layout.MAX_USER) {
            throw new AlcedoException(
                    "a user id has 1 to " + Layout.MAX_USER + " bytes of UTF-8, this one " + name.length + ": " + user);
        }
        long needed = (long) end + Layout.RECORD_HEADER + name.length + length;
        ByteBuffer out = memory.reserve("the batch with this record", end, needed);
        out.put(end + Layout.RECORD_KIND, (byte) kind);
        out.putShort(end + Layout.RECORD_USER_LEN, (short) name.length);
        out.putLong(end + Layout.RECORD_TIME, time);
        out.putInt(end + Layout.RECORD_PARTITION, partition);
        out.putLong(end + Layout.RECORD_POSITION, position);
        out.putInt(end + Layout.RECORD_RAW_LEN, length);
        out.position(end + Layout.RECORD_HEADER);
        out.put(name).put(raw, from, length);
        end = (int) needed;
        records++;
    }

    /** Bytes of memory that it takes. */
    int capacity() {
        return memory.capacity();
    }

    /** How many records wait. */
    public int records() {
        return records;
    }

    /** How many bytes wait. */
    public int bytes() {
        return end - start;
    }

    /** Drops what waits. */
    public void clear() {
        start = 0;
        end = 0;
        records = 0;
        memory.release();
    }

    /** Sends what waits and forgets what was taken; returns how many records that were. */
    int begin(long engine) {
        ByteBuffer rest = memory.get();
        if (start > 0) {
            rest.position(start);
            rest = rest.slice();
        }
        int taken = Native.begin(engine, rest, end - start);
        if (taken >= records) {
            clear();
        } else {
            skip(taken);
        }
        return taken;
    }

    private void skip(int taken) {
        ByteBuffer in = memory.get();
        for (int i = 0; i < taken; i++) {
            int user = Short.toUnsignedInt(in.getShort(start + Layout.RECORD_USER_LEN));
            start += Layout.RECORD_HEADER + user + in.getInt(start + Layout.RECORD_RAW_LEN);
        }
        records -= taken;
    }
}
