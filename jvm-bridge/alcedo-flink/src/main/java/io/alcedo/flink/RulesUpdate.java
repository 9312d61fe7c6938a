package io.alcedo.flink;

import io.alcedo.natives.RuleUpdate;
import java.util.List;
import org.apache.flink.api.common.typeinfo.BasicArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;

/**
 * Rule documents that a source saw at one moment: texts as they came, each with the name of its place. No text is
 * judged here; what the engine refuses comes back on the rule-status output.
 */
@SuppressWarnings("unchecked") // Tuple declares copy() that way
public final class RulesUpdate extends Tuple3<Boolean, String[], String[]> {
    private static final long serialVersionUID = 1;

    /** The type that Flink serializes it by. */
    public static final TypeInformation<RulesUpdate> TYPE = new TupleTypeInfo<>(
            RulesUpdate.class,
            Types.BOOLEAN,
            BasicArrayTypeInfo.STRING_ARRAY_TYPE_INFO,
            BasicArrayTypeInfo.STRING_ARRAY_TYPE_INFO);

    /** For Flink's serializer. */
    public RulesUpdate() {}

    /**
     * An update.
     *
     * @param complete whether these are all rules there are: live rules that it lacks are stopped
     * @param sources where each text lay, for messages
     * @param texts each one rule or a list of rules, in JSON
     */
    public RulesUpdate(boolean complete, List<String> sources, List<String> texts) {
        super(complete, sources.toArray(new String[0]), texts.toArray(new String[0]));
        if (sources.size() != texts.size()) {
            throw new IllegalArgumentException(
                    "every rule text needs its source: " + texts.size() + " texts, " + sources.size() + " sources");
        }
    }

    /** Whether rules that it lacks are to be stopped. */
    public boolean complete() {
        return f0;
    }

    /** The same for the engine, to take effect at this watermark (Unix ms). */
    RuleUpdate at(long watermark) {
        RuleUpdate update = new RuleUpdate(f0, watermark);
        for (int i = 0; i < f1.length; i++) {
            update.document(f1[i], f2[i]);
        }
        return update;
    }

    /** Number of documents. */
    public int size() {
        return f1.length;
    }

    /** Where document {@code i} lay. */
    public String source(int i) {
        return f1[i];
    }

    /** Text of document {@code i}. */
    public String text(int i) {
        return f2[i];
    }
}
