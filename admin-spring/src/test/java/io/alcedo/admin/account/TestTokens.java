package io.alcedo.admin.account;

import java.util.EnumMap;
import java.util.Map;
import org.springframework.boot.test.context.TestConfiguration;

/** A token for each role. */
@TestConfiguration
public class TestTokens {
    private final TokenService tokens;
    private final Map<Role, String> secrets = new EnumMap<>(Role.class);

    TestTokens(TokenService tokens) {
        this.tokens = tokens;
    }

    /** The secret of one with this role. */
    public synchronized String of(Role role) {
        return secrets.computeIfAbsent(role, any -> tokens.create("test-" + role.text(), role, null, Actor.SERVICE)
                .secret());
    }
}
