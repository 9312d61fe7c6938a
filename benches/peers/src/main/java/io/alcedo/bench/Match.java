package io.alcedo.bench;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;

/** A rule fired for a user at a time (Unix ms): what contenders are compared by. */
public final class Match extends Tuple3<String, String, Long> {
    private static final long serialVersionUID = 1;

    /** The type that Flink serializes it by. */
    public static final TypeInformation<Match> TYPE =
            new TupleTypeInfo<>(Match.class, Types.STRING, Types.STRING, Types.LONG);

    /** For Flink's serializer. */
    public Match() {}

    /** A match. */
    public Match(String rule, String user, long time) {
        super(rule, user, time);
    }
}
