package io.alcedo.admin.account;

import java.time.Instant;

/** The right of a program to call the service. Its secret is known to whoever made it, and to nobody else. */
public record Token(
        long id, String name, Role role, String createdBy, Instant createdAt, Instant expiresAt, Instant revokedAt) {
    boolean holds(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    Actor actor() {
        return new Actor("token:" + name, role, null, 0);
    }
}
