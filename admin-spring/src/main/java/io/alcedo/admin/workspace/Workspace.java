package io.alcedo.admin.workspace;

import java.time.Instant;

/**
 * Whose rules they are, and how many eyes see them before they run.
 *
 * @param approvalRequired a revision is published only after somebody else than its author approved it
 */
public record Workspace(String id, String name, boolean approvalRequired, Instant createdAt, int version) {}
