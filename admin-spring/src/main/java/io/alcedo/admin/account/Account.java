package io.alcedo.admin.account;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/** Somebody who may sign in. */
public record Account(
        long id,
        String name,
        String displayName,
        Role role,
        @JsonIgnore String passwordHash,
        boolean enabled,
        Instant createdAt,
        int version) {

    Actor actor() {
        return new Actor(name, role, id, version);
    }
}
