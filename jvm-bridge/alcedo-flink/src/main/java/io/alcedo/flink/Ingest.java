package io.alcedo.flink;

import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple7;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;

/**
 * One record on its way to the engine: who and when, where it lay, and its bytes as they came.
 *
 * <p>A tuple with names, so that Flink's own tuple serializer carries it: no reflection per record, and a layout that
 * savepoints of either Flink line understand. A field is never null.
 */
@SuppressWarnings("unchecked") // Tuple declares copy() that way
public final class Ingest extends Tuple7<Byte, String, Long, Integer, Long, byte[], String> {
    private static final long serialVersionUID = 1;

    /** A record with a user and a time. */
    public static final byte EVENT = 1;

    /** A record that cannot be read; {@link #reason()} says why. */
    public static final byte BAD = 2;

    /** A command for one user; {@link #commandId()} names it. */
    public static final byte COMMAND = 3;

    /** The type that Flink serializes it by. */
    public static final TypeInformation<Ingest> TYPE = new TupleTypeInfo<>(
            Ingest.class,
            Types.BYTE,
            Types.STRING,
            Types.LONG,
            Types.INT,
            Types.LONG,
            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
            Types.STRING);

    /** For Flink's serializer. */
    public Ingest() {}

    private Ingest(byte kind, String user, long time, int partition, long position, byte[] raw, String reason) {
        super(kind, user, time, partition, position, raw, reason);
    }

    /** A readable record; {@code time} in Unix milliseconds. */
    public static Ingest event(String user, long time, int partition, long position, byte[] raw) {
        return new Ingest(EVENT, user, time, partition, position, raw, "");
    }

    /** A command; {@code id} tells it from others for the same user. */
    public static Ingest command(String user, String id, int partition, long position, byte[] raw) {
        return new Ingest(COMMAND, user, 0, partition, position, raw, id);
    }

    /** A record that cannot be read. */
    public static Ingest bad(String reason, int partition, long position, byte[] raw) {
        return new Ingest(BAD, "", 0, partition, position, raw, reason);
    }

    /** A readable record that turned out to be bad when a rule looked into it. */
    public static Ingest bad(String reason, String user, long time, int partition, long position, byte[] raw) {
        return new Ingest(BAD, user, time, partition, position, raw, reason);
    }

    /** Whether it has a user and a time. */
    public boolean isEvent() {
        return f0 == EVENT;
    }

    /** Whether it is a command for a user. */
    public boolean isCommand() {
        return f0 == COMMAND;
    }

    /** The user; empty where unknown. */
    public String user() {
        return f1;
    }

    /** Event time in Unix milliseconds; 0 where unknown. */
    public long time() {
        return f2;
    }

    /** Where it came from, unique in the job: see {@link Partitions}. */
    public int partition() {
        return f3;
    }

    /** Kafka offset, or the number of the line from 0. */
    public long position() {
        return f4;
    }

    /** The record's bytes as they came. */
    public byte[] raw() {
        return f5;
    }

    /** Why it cannot be read, a stable word; empty for what can. */
    public String reason() {
        return f0 == BAD ? f6 : "";
    }

    /** A command's id; empty for all else. */
    public String commandId() {
        return f0 == COMMAND ? f6 : "";
    }
}
