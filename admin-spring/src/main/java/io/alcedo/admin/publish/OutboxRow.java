package io.alcedo.admin.publish;

/**
 * What the engine is told about one rule.
 *
 * @param id null until it is written
 * @param status as the engine names it: live, paused, stopped
 * @param rule the rule as the engine reads it
 * @param audience the id of its audience; null: everyone
 */
public record OutboxRow(Long id, String ruleId, int revision, String status, String rule, String audience) {}
