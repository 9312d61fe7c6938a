package io.alcedo.flink;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.OutputTag;

/** Names of what leaves the operator beside the matches. */
final class Tags {
    /** Records that cannot be read. */
    static final OutputTag<Ingest> BAD = new OutputTag<>("alcedo-bad", Ingest.TYPE);

    /** Events that came after the watermark had passed them. */
    static final OutputTag<Ingest> LATE = new OutputTag<>("alcedo-late", Ingest.TYPE);

    /** What became of rules, one JSON object each. */
    static final OutputTag<String> RULE_STATUS = new OutputTag<>("alcedo-rule-status", Types.STRING);

    /** What became of commands, one JSON object each. */
    static final OutputTag<String> AUDIT = new OutputTag<>("alcedo-audit", Types.STRING);

    private Tags() {}
}
