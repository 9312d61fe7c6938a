package io.alcedo.admin.match;

import java.time.Instant;

/**
 * How many matches of a rule came in a minute.
 *
 * @param minute when it began
 */
public record MatchRate(String ruleId, Instant minute, long matches) {}
