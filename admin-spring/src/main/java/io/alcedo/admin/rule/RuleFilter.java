package io.alcedo.admin.rule;

import jakarta.validation.constraints.Size;
import java.util.Locale;

/**
 * Which rules are listed.
 *
 * @param search a part of the name or the id, in any case
 * @param state null: all but archived ones
 */
public record RuleFilter(
        @Size(max = 100) String search,
        RuleState state,
        @Size(max = 64) String workspace) {
    /** The search as SQL's LIKE takes it: no character of it is a wildcard. */
    String pattern() {
        if (search == null || search.isBlank()) {
            return null;
        }
        String plain = search.strip().toLowerCase(Locale.ROOT).replaceAll("([!%_])", "!$1");
        return "%" + plain + "%";
    }

    /** For MyBatis, which reads properties. */
    public String getPattern() {
        return pattern();
    }
}
