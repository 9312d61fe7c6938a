package io.alcedo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.alcedo.bench.intake.Event;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A rule as the peers read it; benches/rules.py writes it and says what the kinds mean.
 *
 * @param types event types of its steps
 * @param where names and values, in turns, of the properties that an event of the first type must have
 * @param window ms: of a count (t - window, t]; of a sequence from its first event to its last at most; of an absence
 *     from the first event to the deadline
 * @param atLeast the count that fires
 * @param cooldown ms between two firings for a user at least; 0: none
 */
public record Rule(String id, Kind kind, String[] types, String[] where, long window, int atLeast, long cooldown)
        implements Serializable {
    /** What a rule watches for. */
    public enum Kind {
        COUNT,
        SEQUENCE,
        ABSENCE
    }

    /** Reads the rules of a file, one JSON object a line. */
    public static List<Rule> read(String file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Rule> rules = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(file))) {
            JsonNode rule = json.readTree(line);
            List<String> types = new ArrayList<>();
            rule.get("types").forEach(type -> types.add(type.textValue()));
            List<String> where = new ArrayList<>();
            rule.get("where").forEach(pair -> pair.forEach(word -> where.add(word.textValue())));
            rules.add(new Rule(
                    rule.get("id").textValue(),
                    Kind.valueOf(rule.get("kind").textValue().toUpperCase(Locale.ROOT)),
                    types.toArray(new String[0]),
                    where.toArray(new String[0]),
                    rule.get("window").longValue(),
                    rule.get("at_least").intValue(),
                    rule.get("cooldown").longValue()));
        }
        return rules;
    }

    /** Whether an event has the properties that the first step asks for. */
    public boolean hasProperties(Event event) {
        for (int i = 0; i < where.length; i += 2) {
            if (!where[i + 1].equals(event.property(where[i]))) {
                return false;
            }
        }
        return true;
    }
}
