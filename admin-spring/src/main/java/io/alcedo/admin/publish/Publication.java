package io.alcedo.admin.publish;

import java.time.Instant;

/**
 * What the engine was last told about a rule.
 *
 * @param publishedAt P, where history ends and live begins
 */
public record Publication(String ruleId, long outboxId, int revision, String status, Instant publishedAt) {
    /** Whether measures of it go on. */
    public boolean runs() {
        return !"stopped".equals(status);
    }
}
