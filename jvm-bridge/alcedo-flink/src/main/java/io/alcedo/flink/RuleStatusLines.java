package io.alcedo.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What became of rules, as lines for the rule-status output: the engine's own words, the subtask, and the hash of the
 * rules that it judges by from then on. The whole set comes at every update, so only what changed is told.
 */
final class RuleStatusLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int subtask;
    private final Map<String, JsonNode> told = new HashMap<>();
    private final Queue<String> untold = new ArrayDeque<>();

    RuleStatusLines(int subtask) {
        this.subtask = subtask;
    }

    /** Takes the engine's report of an update: a JSON list of one object per rule. */
    void note(byte[] report, String rulesHash) {
        try {
            for (JsonNode status : JSON.readTree(report)) {
                String place = status.path("source").asText() + '\n' + status.path("rule").asText();
                if (!status.equals(told.put(place, status))) {
                    ObjectNode line = JSON.createObjectNode().put("subtask", subtask);
                    line.setAll((ObjectNode) status);
                    line.put("rules_hash", rulesHash);
                    untold.add(line.toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the native library's report on rules is no JSON", e);
        }
    }

    /** Gives every line once. */
    void drain(Consumer<String> to) {
        for (String line = untold.poll(); line != null; line = untold.poll()) {
            to.accept(line);
        }
    }
}
