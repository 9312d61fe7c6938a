package io.alcedo.demo;

import io.alcedo.flink.MatchRecord;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.StringJoiner;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A match in the words of its rule; times are UTC:
 *
 * <pre>{@code 2024-01-17 14:33:30  user_0232  abandoned-cart          no purchase within 30m of add_to_cart at 14:03:30}</pre>
 */
final class MatchLine {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private MatchLine() {}

    /** The line, without a line end. */
    static String of(MatchRecord match, RuleTexts texts) throws IOException {
        JsonNode json = JSON.readTree(match.json());
        return String.format(
                "%s  %s  %-22s  %s",
                MOMENT.format(utc(match.time())), match.user(), match.rule(), why(match, json, texts));
    }

    /** A deadline says itself what was missing; of an event it matters what had been counted by then. */
    private static String why(MatchRecord match, JsonNode json, RuleTexts texts) {
        JsonNode deadline = json.path("cause").path("deadline");
        if (!deadline.isMissingNode()) {
            String missing =
                    texts.absence(match.rule(), deadline.path("measure").asText());
            return missing + " at " + since(deadline.path("after").asLong(), match.time()) + list(json.path("key"));
        }
        String event = json.path("cause").path("event").path("type").asText();
        return event + list(json.path("key")) + list(json.path("evidence"));
    }

    private static String since(long time, long now) {
        LocalDateTime then = utc(time);
        boolean today = then.toLocalDate().equals(utc(now).toLocalDate());
        return (today ? CLOCK : MOMENT).format(then);
    }

    private static String list(JsonNode values) {
        StringJoiner list = new StringJoiner(", ", ", ", "").setEmptyValue("");
        values.fieldNames()
                .forEachRemaining(
                        name -> list.add(name + " " + values.path(name).asText()));
        return list.toString();
    }

    private static LocalDateTime utc(long time) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(time), ZoneOffset.UTC);
    }
}
