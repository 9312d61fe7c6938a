package io.alcedo.admin.rule;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What can be done to a rule. */
public enum RuleAction {
    EDIT,
    SUBMIT,
    WITHDRAW,
    APPROVE,
    REJECT,
    PUBLISH,
    PAUSE,
    RESUME,
    STOP,
    ARCHIVE,
    RESTORE;

    /** As it stands in JSON. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
