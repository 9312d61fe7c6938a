package io.alcedo.admin.account;

import java.io.Serializable;
import java.security.Principal;

/**
 * Who does something: a person with an account, or a program with a token.
 *
 * @param name as it stands in revisions and in the audit: the account's name, or {@code token:} and the token's
 * @param accountId null for a token
 * @param accountVersion of the account when it signed in; a later change of it ends the session
 */
public record Actor(String name, Role role, Long accountId, int accountVersion) implements Principal, Serializable {
    private static final long serialVersionUID = 1;

    /** The service itself, for what it does without being asked. */
    public static final Actor SERVICE = new Actor("service", Role.ADMIN, null, 0);

    @Override
    public String getName() {
        return name;
    }
}
