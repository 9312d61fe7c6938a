package io.alcedo.job;

import io.alcedo.flink.MatchRecord;
import java.io.IOException;
import java.time.Instant;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A match as a line for people:
 *
 * <pre>{@code 2019-11-01T08:12:44Z  abandoned-cart  user 219483  #1  no answer to unpaid since 2019-11-01T07:57:44Z  {"unpaid":1}}</pre>
 */
public final class ReadableMatch {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReadableMatch() {}

    /** The line, without a line end. */
    public static String line(MatchRecord match) throws IOException {
        JsonNode json = JSON.readTree(match.json());
        StringBuilder line = new StringBuilder()
                .append(Instant.ofEpochMilli(match.time()))
                .append("  ")
                .append(match.rule())
                .append("  user ")
                .append(match.user())
                .append("  #")
                .append(json.path("occurrence").asText())
                .append("  ")
                .append(cause(json.path("cause")));
        append(line, json.path("key"));
        append(line, json.path("evidence"));
        return line.toString();
    }

    private static String cause(JsonNode cause) {
        JsonNode deadline = cause.path("deadline");
        if (deadline.isMissingNode()) {
            return "on " + cause.path("event").path("type").asText();
        }
        return "no answer to "
                + deadline.path("measure").asText()
                + " since "
                + Instant.ofEpochMilli(deadline.path("after").asLong());
    }

    private static void append(StringBuilder line, JsonNode part) {
        if (part.size() > 0) {
            line.append("  ").append(part);
        }
    }
}
