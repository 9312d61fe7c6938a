package io.alcedo.admin.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * Who did what to which revision.
 *
 * @param detail a JSON object with what differs from action to action
 */
public record AuditEntry(
        long id,
        Instant createdAt,
        String actor,
        String action,
        Audit.Subject subject,
        String subjectId,
        Integer revision,
        @JsonRawValue @Schema(types = "object") String detail) {}
