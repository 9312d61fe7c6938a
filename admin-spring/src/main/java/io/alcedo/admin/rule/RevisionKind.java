package io.alcedo.admin.rule;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why there is a revision. The first three bring content; the others repeat it, because the engine counts revisions. */
public enum RevisionKind {
    EDIT,
    CLONE,
    ROLL_BACK,
    /** An older revision went out again. */
    PUBLISH,
    PAUSE,
    RESUME,
    STOP;

    /** As it stands in JSON. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
