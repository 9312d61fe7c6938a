package io.alcedo.admin.rule;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * What somebody has open: his own, never shown to others, in whatever state it is.
 *
 * @param ruleId of a rule, or of one that is to be
 * @param basedOn the revision that was opened; null: none
 * @param body what the editor put there
 */
public record Draft(
        String ruleId,
        Integer basedOn,
        @JsonRawValue @Schema(types = "object") String body,
        Instant updatedAt,
        int version) {}
