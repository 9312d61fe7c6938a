package io.alcedo.admin.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import io.alcedo.admin.account.Actor;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Notes who did what, in the transaction in which it was done: one is there if and only if the other is. */
@Service
public class Audit {
    private final AuditMapper entries;
    private final JsonMapper json;
    private final Clock clock;

    Audit(AuditMapper entries, JsonMapper json, Clock clock) {
        this.entries = entries;
        this.json = json;
        this.clock = clock;
    }

    /** {@code revision}: null where the subject has none; {@code detail}: no personal data beyond the actor. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void note(
            Actor actor, String action, Subject subject, String subjectId, Integer revision, Map<String, ?> detail) {
        String more = detail.isEmpty() ? null : json.writeValueAsString(detail);
        entries.insert(clock.instant(), actor.name(), action, subject, subjectId, revision, more);
    }

    /** What was done to. */
    public enum Subject {
        RULE,
        AUDIENCE,
        TAGS,
        TEMPLATE,
        WORKSPACE,
        ACCOUNT,
        TOKEN,
        BACKTEST,
        DATA_SET,
        JOB,
        DISPLAY_NAME;

        /** As it stands in JSON. */
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
