package io.alcedo.admin.rule;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * A rule as it was saved once; never changed.
 *
 * @param basedOn the revision that it was made from; null: none
 * @param definition the rule without {@code id}, {@code revision}, {@code status} and {@code published_at}
 * @param report what the engine's compiler said of it: bounds in bytes and deadlines, warnings
 */
public record Revision(
        String ruleId,
        int revision,
        RevisionKind kind,
        Integer basedOn,
        @JsonRawValue @Schema(types = "object") String definition,

        @JsonRawValue @Schema(implementation = Verdict.class)
        String report,

        String remark,
        String createdBy,
        Instant createdAt) {}
