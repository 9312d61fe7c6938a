package io.alcedo.admin.audience;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * A set of users by its id.
 *
 * @param profile the predicate over tags that says who is in it; null: its members come from outside
 * @param number of the version that jobs get
 * @param users how many are in it
 * @param examples up to 20 of them, a JSON list
 * @param batchMark of the tags that it was resolved against
 * @param createdAt when that version was made
 */
public record Audience(
        String id,
        @JsonRawValue @Schema(types = "object") String profile,
        int number,
        String sha256,
        long users,

        @JsonRawValue @Schema(type = "array", implementation = String[].class)
        String examples,

        String batchMark,
        String createdBy,
        Instant createdAt) {}
