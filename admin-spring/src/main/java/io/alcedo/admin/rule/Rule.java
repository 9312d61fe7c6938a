package io.alcedo.admin.rule;

import java.time.Instant;

/**
 * A rule, without its content, which lies in its revisions.
 *
 * @param headRevision what the editor opens: the last revision that brought content
 * @param lastRevision the highest number used; a pause or a stop is a revision too
 * @param reviewRevision waits for a decision; null: none does
 * @param approvedRevision may be published where a second approver is asked for; null: none
 * @param runningRevision what the engine was last told; null: it was never told anything
 * @param version goes up at every change; a write names the version it has seen
 */
public record Rule(
        String id,
        String workspaceId,
        String name,
        RuleState state,
        int headRevision,
        int lastRevision,
        Integer reviewRevision,
        Integer approvedRevision,
        Integer runningRevision,
        String createdBy,
        Instant createdAt,
        String updatedBy,
        Instant updatedAt,
        int version) {}
