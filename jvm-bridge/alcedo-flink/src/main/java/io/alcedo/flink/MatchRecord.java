package io.alcedo.flink;

import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;

/**
 * A rule fired for a user. The JSON is the whole match as the engine wrote it; the other fields are what sinks route,
 * key and deduplicate by.
 */
@SuppressWarnings("unchecked") // Tuple declares copy() that way
public final class MatchRecord extends Tuple5<String, String, String, Long, byte[]> {
    private static final long serialVersionUID = 1;

    /** The type that Flink serializes it by. */
    public static final TypeInformation<MatchRecord> TYPE = new TupleTypeInfo<>(
            MatchRecord.class,
            Types.STRING,
            Types.STRING,
            Types.STRING,
            Types.LONG,
            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    /** For Flink's serializer. */
    public MatchRecord() {}

    /** A match; {@code time} in Unix milliseconds, {@code json} in UTF-8. */
    public MatchRecord(String matchId, String rule, String user, long time, byte[] json) {
        super(matchId, rule, user, time, json);
    }

    /** The same for every replay of the same firing. */
    public String matchId() {
        return f0;
    }

    /** Rule id. */
    public String rule() {
        return f1;
    }

    /** User. */
    public String user() {
        return f2;
    }

    /** Unix milliseconds of the event or deadline that caused it. */
    public long time() {
        return f3;
    }

    /** The match as one JSON object in UTF-8, without a line end. */
    public byte[] json() {
        return f4;
    }
}
