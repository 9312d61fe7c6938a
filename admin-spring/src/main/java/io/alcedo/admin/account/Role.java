package io.alcedo.admin.account;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What somebody may do. Each of the first four may all that those before it may; the engine's is for jobs alone. */
public enum Role {
    /** Reads everything but accounts and tokens. */
    VIEWER,
    /** Writes rules, and publishes them where no second person is asked for. */
    EDITOR,
    /** Approves what others wrote, and reads the audit. */
    APPROVER,
    /** Accounts, tokens, workspaces. */
    ADMIN,
    /** Reads published rules and audiences, and says what became of them; nothing else. */
    ENGINE;

    /** What stands above what, as Spring Security reads it. */
    static final String HIERARCHY =
            "ROLE_ADMIN > ROLE_APPROVER\nROLE_APPROVER > ROLE_EDITOR\nROLE_EDITOR > ROLE_VIEWER";

    /** As it stands in JSON. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
