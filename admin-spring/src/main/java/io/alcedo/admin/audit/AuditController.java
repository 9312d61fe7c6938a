package io.alcedo.admin.audit;

import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.Slice;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit, for approvers. */
@RestController
@RequestMapping("/api/audit")
@Tag(name = "audit")
class AuditController {
    private final AuditMapper entries;

    AuditController(AuditMapper entries) {
        this.entries = entries;
    }

    @GetMapping
    @Operation(operationId = "listAudit", summary = "Who did what, the latest first")
    Page<AuditEntry> list(
            @RequestParam(required = false) Audit.Subject subject,
            @RequestParam(name = "subject_id", required = false) @Size(max = 128) String subjectId,
            @RequestParam(required = false) @Size(max = 80) String actor,
            @Valid @ParameterObject Slice slice) {
        return Page.of(entries.list(subject, subjectId, actor, slice), entries.count(subject, subjectId, actor), slice);
    }
}
