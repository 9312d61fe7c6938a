package io.alcedo.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What became of rules, as lines for the rule-status output: the engine's own words, the subtask and how many there are, and the hash of the
 * rules that it judges by from then on. A complete set repeats what is wrong with it at every update; that is told once,
 * and again only after it was right in between.
 */
final class RuleStatusLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** No other line begins so. */
    private static final String HEARTBEAT = "{\"state\":\"alive\",";

    private final int subtask;
    private final int subtasks;
    private final Queue<String> untold = new ArrayDeque<>();
    private Set<JsonNode> last = new HashSet<>();
    private String hash = "";

    RuleStatusLines(int subtask, int subtasks) {
        this.subtask = subtask;
        this.subtasks = subtasks;
    }

    /**
     * Takes the engine's reports of one update, each a JSON list of an object per rule.
     *
     * @param merged what the update did
     * @param retried what became of rules that waited for an audience, once it was loaded
     */
    void note(String merged, String retried, String rulesHash) {
        Set<JsonNode> now = statuses(merged);
        Set<JsonNode> after = statuses(retried);
        now.removeIf(old -> is(old, "waiting") && after.stream().anyMatch(s -> sameRule(s, old)));
        now.addAll(after);
        for (JsonNode status : now) {
            if (!last.contains(status)) {
                ObjectNode line =
                        JSON.createObjectNode().put("subtask", subtask).put("subtasks", subtasks);
                line.setAll((ObjectNode) status);
                untold.add(line.put("rules_hash", rulesHash).toString());
            }
        }
        last = now;
        hash = rulesHash;
    }

    /**
     * Says that the subtask is there, and what it judges by: of no rule, so that its length does not grow with them.
     *
     * @param interval until it is said again, ms
     */
    String heartbeat(long interval) {
        return JSON.createObjectNode()
                .put("state", "alive")
                .put("subtask", subtask)
                .put("subtasks", subtasks)
                .put("every_ms", interval)
                .put("rules_hash", hash)
                .toString();
    }

    /** Whether this line only says that a subtask is there: the next one says the same. */
    static boolean isHeartbeat(String line) {
        return line.startsWith(HEARTBEAT);
    }

    /** What is not told yet, in one line. */
    String text() {
        return String.join(", ", untold);
    }

    private static Set<JsonNode> statuses(String report) {
        try {
            Set<JsonNode> statuses = new LinkedHashSet<>();
            JSON.readTree(report).forEach(statuses::add);
            return statuses;
        } catch (IOException e) {
            throw new UncheckedIOException("the native library's report on rules is no JSON", e);
        }
    }

    private static boolean is(JsonNode status, String state) {
        return state.equals(status.path("state").asText());
    }

    private static boolean sameRule(JsonNode a, JsonNode b) {
        return a.path("rule").equals(b.path("rule"));
    }

    /** Gives every line once. */
    void drain(Consumer<String> to) {
        for (String line = untold.poll(); line != null; line = untold.poll()) {
            to.accept(line);
        }
    }

    /** The rules that the book's {@code info} names, in the order of their ids. */
    static List<String> running(String bookInfo) {
        try {
            List<String> rules = new ArrayList<>();
            JSON.readTree(bookInfo)
                    .path("report")
                    .path("rules")
                    .forEach(rule -> rules.add(rule.path("rule").asText()));
            return rules;
        } catch (IOException e) {
            throw new UncheckedIOException("the native library's word on its rules is no JSON", e);
        }
    }
}
