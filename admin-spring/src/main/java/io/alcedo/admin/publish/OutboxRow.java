package io.alcedo.admin.publish;

/**
 * What the engine is told about one rule.
 *
 * @param id null until it is written
 * @param status as the engine names it: live, paused, stopped
 * @param rule the rule as the engine reads it; null: the rule is no more in the set
 * @param audience the id of its audience; null: everyone
 */
public record OutboxRow(Long id, String ruleId, int revision, String status, String rule, String audience) {
    /** The same, of a rule that a complete set lacks from now on. */
    OutboxRow leftOut() {
        return new OutboxRow(id, ruleId, revision, status, null, audience);
    }
}
