package io.alcedo.admin.match;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** In which order matches are listed, the latest first. */
public enum MatchOrder {
    /** By the event's time, which a wrong clock may set far ahead. */
    HAPPENED,
    /** As they came: what is new is on top, whatever its time. */
    RECEIVED;

    /** As it stands in an address. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
