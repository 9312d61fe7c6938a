package io.alcedo.admin.rule;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a rule is in its life. Of a rule that runs, a later revision may be edited and reviewed meanwhile: that changes
 * the rule's {@code head_revision} and {@code review_revision}, not its state.
 */
public enum RuleState {
    /** Nothing runs; it is written. */
    DRAFT,
    /** Nothing runs; somebody else is to look at it. */
    IN_REVIEW,
    /** It runs and fires. */
    LIVE,
    /** It runs and does not fire. */
    PAUSED,
    /** It ran; what it had counted is dropped. */
    STOPPED,
    /** Put away. */
    ARCHIVED;

    private static final Map<RuleState, Map<RuleAction, RuleState>> NEXT = new EnumMap<>(RuleState.class);

    static {
        from(DRAFT)
                .on(RuleAction.EDIT, DRAFT)
                .on(RuleAction.SUBMIT, IN_REVIEW)
                .on(RuleAction.PUBLISH, LIVE)
                .on(RuleAction.ARCHIVE, ARCHIVED);
        // An edit takes the review back: what was looked at is no longer what would be published.
        from(IN_REVIEW)
                .on(RuleAction.EDIT, DRAFT)
                .on(RuleAction.WITHDRAW, DRAFT)
                .on(RuleAction.APPROVE, IN_REVIEW)
                .on(RuleAction.REJECT, DRAFT)
                .on(RuleAction.PUBLISH, LIVE);
        from(LIVE)
                .reviewing()
                .on(RuleAction.PUBLISH, LIVE)
                .on(RuleAction.PAUSE, PAUSED)
                .on(RuleAction.STOP, STOPPED);
        from(PAUSED)
                .reviewing()
                .on(RuleAction.PUBLISH, LIVE)
                .on(RuleAction.RESUME, LIVE)
                .on(RuleAction.STOP, STOPPED);
        from(STOPPED).reviewing().on(RuleAction.PUBLISH, LIVE).on(RuleAction.ARCHIVE, ARCHIVED);
        from(ARCHIVED).on(RuleAction.RESTORE, DRAFT);
    }

    /** The state after an action; empty: it is not allowed now. */
    public Optional<RuleState> after(RuleAction action) {
        return Optional.ofNullable(NEXT.get(this).get(action));
    }

    /** Whether the engine has it. */
    public boolean runs() {
        return this == LIVE || this == PAUSED;
    }

    /** As it stands in JSON. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Row from(RuleState state) {
        return new Row(state);
    }

    private record Row(RuleState state) {
        Row {
            NEXT.put(state, new EnumMap<>(RuleAction.class));
        }

        Row on(RuleAction action, RuleState then) {
            NEXT.get(state).put(action, then);
            return this;
        }

        /** A later revision is edited and reviewed, and what is stays. */
        Row reviewing() {
            return on(RuleAction.EDIT, state)
                    .on(RuleAction.SUBMIT, state)
                    .on(RuleAction.WITHDRAW, state)
                    .on(RuleAction.APPROVE, state)
                    .on(RuleAction.REJECT, state);
        }
    }
}
