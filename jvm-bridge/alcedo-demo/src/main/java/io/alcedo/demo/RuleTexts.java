package io.alcedo.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What people call the rules of a directory, and their absences in words. Only for show: nothing is judged by it, so what
 * it cannot read it leaves out, and the screen falls back to ids.
 */
final class RuleTexts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> rules = new HashMap<>();

    /** The rules that lie in the directory now. */
    static RuleTexts read(Path directory) {
        RuleTexts texts = new RuleTexts();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "[!.]*.json")) {
            for (Path file : files) {
                texts.add(file);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        return texts;
    }

    private void add(Path file) throws IOException {
        try {
            JsonNode root = JSON.readTree(file.toFile());
            for (JsonNode rule : root.isArray() ? root : List.of(root)) {
                rules.put(rule.path("id").asText(), rule);
            }
        } catch (JsonProcessingException halfWritten) {
            // The job tells about it on the rule status; here it has no name.
        }
    }

    /** Its name; its id if it has none. */
    String name(String rule) {
        return text(rule).path("name").asText(rule);
    }

    /** {@code no purchase within 30m of add_to_cart}, of a measure that is an absence. */
    String absence(String rule, String measure) {
        JsonNode absence = text(rule).path("measures").path(measure).path("absence");
        if (absence.isMissingNode()) {
            return "no answer to " + measure;
        }
        return "no " + events(absence.path("no")) + " within "
                + absence.path("within").asText() + " of " + events(absence.path("after"));
    }

    private JsonNode text(String rule) {
        return rules.getOrDefault(rule, JSON.missingNode());
    }

    private static String events(JsonNode pattern) {
        JsonNode event = pattern.path("event");
        if (!event.isArray()) {
            return event.asText("event");
        }
        List<String> names = new ArrayList<>();
        event.forEach(name -> names.add(name.asText()));
        String last = names.remove(names.size() - 1);
        return names.isEmpty() ? last : String.join(", ", names) + " or " + last;
    }
}
