package io.alcedo.admin.user;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * Something a user did.
 *
 * @param event as it came
 */
public record UserEvent(
        String userId,
        Instant happenedAt,
        @JsonRawValue @Schema(types = "object") String event) {}
