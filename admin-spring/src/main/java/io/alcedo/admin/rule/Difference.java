package io.alcedo.admin.rule;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One place at which two definitions differ.
 *
 * @param path JSON pointer
 * @param before null: it was added
 * @param after null: it was removed
 */
@Schema(requiredProperties = {"path", "kind"})
public record Difference(
        String path,
        Kind kind,

        @Schema(
                types = {"object", "array", "string", "number", "boolean", "null"},
                description = "any JSON value")
        JsonNode before,

        @Schema(
                types = {"object", "array", "string", "number", "boolean", "null"},
                description = "any JSON value")
        JsonNode after) {

    /** All places, in the order of the later definition; what was removed follows within its object. */
    static List<Difference> of(JsonNode before, JsonNode after) {
        List<Difference> found = new ArrayList<>();
        compare("", before, after, found);
        return found;
    }

    private static void compare(String path, JsonNode before, JsonNode after, List<Difference> found) {
        if (before == null) {
            found.add(new Difference(path, Kind.ADDED, null, after));
        } else if (after == null) {
            found.add(new Difference(path, Kind.REMOVED, before, null));
        } else if (before.isObject() && after.isObject()) {
            Set<String> names = new LinkedHashSet<>(after.propertyNames());
            names.addAll(before.propertyNames());
            for (String name : names) {
                String step = name.replace("~", "~0").replace("/", "~1");
                compare(path + "/" + step, before.get(name), after.get(name), found);
            }
        } else if (before.isArray() && after.isArray()) {
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                compare(path + "/" + i, before.get(i), after.get(i), found);
            }
        } else if (!before.equals(after)) {
            found.add(new Difference(path, Kind.CHANGED, before, after));
        }
    }

    /** What happened at the place. */
    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED;

        /** As it stands in JSON. */
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
