package io.alcedo.admin.forecast;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * What was expected of a revision when it began to run, and what has come since.
 *
 * @param endedAt when another revision, a pause or a stop took its place; null: it runs
 * @param matchesPerHour that were expected of all users
 * @param audience users in it then; null: everyone
 * @param stateBytes that the rule was expected to keep of all users
 * @param sampleUsers whose events the forecast is made of
 * @param observed null: no whole minute of events is known since
 */
@Schema(
        requiredProperties = {"revision", "made_at", "matches_per_hour", "state_bytes", "sample_users", "sample_events"
        })
record KeptForecast(
        int revision,
        Instant madeAt,
        Instant endedAt,
        double matchesPerHour,
        Long audience,
        long stateBytes,
        long sampleUsers,
        long sampleEvents,
        Observed observed) {
    /**
     * Matches that came, by the time of what made them fire.
     *
     * @param from the later of the sample's end and 24 hours before {@code to}
     * @param to the last event or match that is known, or that was known when the revision ended
     */
    record Observed(Instant from, Instant to, long matches, double matchesPerHour) {}
}
