package io.alcedo.admin.rule;

import java.time.Instant;

/** A revision without its content, for lists. */
public record RevisionSummary(
        int revision, RevisionKind kind, Integer basedOn, String remark, String createdBy, Instant createdAt) {}
