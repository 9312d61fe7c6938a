package io.alcedo.admin.name;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How an event, a property or a tag is called on screens. Rules keep the names of the log. */
public record DisplayName(Kind kind, String name, String en, String zh) {
    /** What has a name. */
    public enum Kind {
        EVENT,
        PROPERTY,
        TAG;

        /** As it stands in JSON. */
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
