package io.alcedo.natives;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** The form of a golden vector: the fields it may have, and the bytes of its records. */
final class VectorForm {
    private static final Set<String> VECTOR = Set.of(
            "why",
            "law",
            "order",
            "lateness",
            "dedupe",
            "max_ahead",
            "rules",
            "audiences",
            "tags",
            "mapping",
            "until",
            "steps",
            "expect");
    private static final Set<String> PLACE = Set.of("partition", "position", "broker_time");
    private static final Set<String> KINDS =
            Set.of("event", "raw", "watermark", "rules", "audience", "restart", "rescale", "end");
    private static final Set<String> EXPECT = Set.of(
            "matches", "late", "bad", "refused", "statuses", "report", "kept", "dropped", "repeated", "no_audience");
    private static final Set<String> MATCH = Set.of(
            "rule",
            "user",
            "time",
            "occurrence",
            "key",
            "cause",
            "evidence",
            "revision",
            "since",
            "action",
            "match_id");
    private static final Set<String> REPORT =
            Set.of("rule", "measure", "bytes_per_user", "deadlines_per_user", "approximate", "shared_with");

    private VectorForm() {}

    /** Fails where the vector has a field that the hosts do not know: none is skipped in silence. */
    static void check(String name, JsonNode vector) {
        known(name, vector, VECTOR);
        for (JsonNode step : vector.get("steps")) {
            long kinds = step.properties().stream()
                    .filter(field -> KINDS.contains(field.getKey()))
                    .count();
            boolean places = step.properties().stream()
                    .filter(field -> !KINDS.contains(field.getKey()))
                    .allMatch(field -> isRecord(step) && PLACE.contains(field.getKey()));
            if (kinds != 1 || !places) {
                throw new IllegalStateException(name + ": a step is of one known kind: " + step);
            }
            if (step.has("rules")) {
                known(name, step.get("rules"), Set.of("complete", "rules"));
            }
        }
        JsonNode expect = vector.get("expect");
        known(name, expect, EXPECT);
        each(name, expect, "matches", MATCH);
        each(name, expect, "bad", Set.of("position", "reason"));
        each(name, expect, "refused", Set.of("rule", "path", "said"));
        each(name, expect, "statuses", Set.of("rule", "revision", "state"));
        each(name, expect, "report", REPORT);
        known(name, expect.path("no_audience"), Set.of("rule", "audience"));
    }

    private static void each(String name, JsonNode expect, String list, Set<String> fields) {
        expect.path(list).forEach(one -> known(name, one, fields));
    }

    private static void known(String name, JsonNode object, Set<String> fields) {
        object.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                throw new IllegalStateException(name + ": unknown field " + field + " in " + object);
            }
        });
    }

    static boolean isRecord(JsonNode step) {
        return step.has("event") || step.has("raw");
    }

    /** The bytes of a record: an event as JSON, a text as it is, or the parts of a list, one after the other. */
    static byte[] record(JsonNode step) {
        if (step.has("event")) {
            return utf8(step.get("event").toString());
        }
        JsonNode raw = step.get("raw");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (JsonNode part : raw.isTextual() ? List.of(raw) : raw) {
            bytes.writeBytes(part(part));
        }
        return bytes.toByteArray();
    }

    private static byte[] part(JsonNode part) {
        if (part.isTextual()) {
            return utf8(part.asText());
        } else if (part.has("hex")) {
            return hex(part.get("hex").asText());
        } else if (part.has("repeat")) {
            return utf8(part.get("repeat").asText().repeat(part.get("times").asInt()));
        }
        throw new IllegalStateException("a part of a record is a text, a hex or a repeat: " + part);
    }

    private static byte[] hex(String digits) {
        byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
