package io.alcedo.admin.match;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * A rule fired for a user.
 *
 * @param id in the order of arrival
 * @param happenedAt time of the event or deadline
 * @param receipt the match as the engine wrote it: cause, evidence, action
 */
public record Match(
        long id,
        String matchId,
        String ruleId,
        int revision,
        String userId,
        Instant happenedAt,
        Instant receivedAt,
        @JsonRawValue @Schema(types = "object") String receipt) {}
