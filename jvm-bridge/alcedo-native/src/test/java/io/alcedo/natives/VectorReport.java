package io.alcedo.natives;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The compile report of the rules that a vector begins with, against what it expects of it. */
final class VectorReport {
    private VectorReport() {}

    static List<String> differences(Vector vector) {
        JsonNode report = report(vector);
        List<String> all = new ArrayList<>();
        for (JsonNode wanted : vector.expect().get("report")) {
            JsonNode found = report;
            if (wanted.has("rule")) {
                found = named(found.path("rules"), "rule", wanted.get("rule"));
            }
            if (wanted.has("measure")) {
                found = named(found.path("measures"), "name", wanted.get("measure"));
            }
            for (var field : wanted.properties()) {
                JsonNode is = found.get(field.getKey());
                if (!fits(field.getKey(), is, field.getValue())) {
                    all.add("the report's " + field.getKey() + " is " + is + " instead of " + field.getValue() + ": "
                            + wanted);
                }
            }
        }
        return all;
    }

    private static JsonNode report(Vector vector) {
        try (RuleBook book = RuleBook.open(null)) {
            vector.audiences().forEach(audience -> book.audience(audience.id(), audience.members()));
            book.apply(new RuleUpdate(true, RuleUpdate.AT_START).document("vector", vector.rules()));
            return Vector.JSON.readTree(book.info()).path("report");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode named(JsonNode list, String field, JsonNode name) {
        for (JsonNode one : list) {
            if (one.path(field).equals(name)) {
                return one;
            }
        }
        return MissingNode.getInstance();
    }

    /** Bytes lie between two bounds: how a state is written may change, what it is about may not. */
    private static boolean fits(String field, JsonNode is, JsonNode wanted) {
        switch (field) {
            case "rule":
            case "measure":
                return true;
            case "bytes_per_user":
                return is != null
                        && wanted.get(0).asLong() <= is.asLong()
                        && is.asLong() <= wanted.get(1).asLong();
            default:
                return VectorResults.same(is, wanted);
        }
    }
}
