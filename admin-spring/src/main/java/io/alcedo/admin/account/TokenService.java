package io.alcedo.admin.account;

import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Tokens of programs. Their secrets have 256 random bits, so a plain hash of them is safe to keep. */
@Service
public class TokenService {
    private static final String PREFIX = "alcedo_";

    private final TokenMapper tokens;
    private final Audit audit;
    private final Clock clock;

    TokenService(TokenMapper tokens, Audit audit, Clock clock) {
        this.tokens = tokens;
        this.audit = audit;
        this.clock = clock;
    }

    /** Who carries this secret; null: nobody, or no longer. */
    Actor actor(String secret) {
        Token token = secret.startsWith(PREFIX) ? tokens.bySecret(sha256(secret)) : null;
        return token != null && token.holds(clock.instant()) ? token.actor() : null;
    }

    Page<Token> list(Slice slice) {
        return Page.of(tokens.list(slice), tokens.count(), slice);
    }

    /** A new token and its secret, which nobody can ask for again. */
    @Transactional
    public Made create(String name, Role role, Instant expiresAt, Actor actor) {
        String secret = PREFIX + Passwords.secret(32);
        tokens.insert(name, role, sha256(secret), actor.name(), clock.instant(), expiresAt);
        audit.note(actor, "token_created", Subject.TOKEN, name, null, Map.of("role", role));
        return new Made(tokens.bySecret(sha256(secret)), secret);
    }

    @Transactional
    public void revoke(long id, Actor actor) {
        Token token = tokens.find(id);
        if (token == null) {
            throw ProblemException.notFound("token", id);
        }
        if (tokens.revoke(id, clock.instant()) > 0) {
            audit.note(actor, "token_revoked", Subject.TOKEN, token.name(), null, Map.of());
        }
    }

    private static String sha256(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** A token with its secret. */
    public record Made(Token token, String secret) {}
}
