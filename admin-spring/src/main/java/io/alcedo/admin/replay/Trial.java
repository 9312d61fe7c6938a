package io.alcedo.admin.replay;

import io.alcedo.natives.RuleBook;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A rule over past events: how far users came in it, how often it fired, and what another revision would have done. Each
 * step of the funnel is the rule with less of it, judged by the engine beside the rule itself.
 */
public final class Trial implements AutoCloseable {
    private static final int EXAMPLES = 20;
    /** Matches that are compared one by one. */
    private static final int COMPARED = 200_000;

    private final JsonMapper json;
    private final RuleBook book;
    private final Replay replay;
    private final RuleBook otherBook;
    private final Replay other;
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final Set<String> users = new HashSet<>();
    private final Map<Moment, Integer> seen = new LinkedHashMap<>();
    private long events;
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;
    private boolean cut;

    /**
     * Opens it.
     *
     * @param rule the document that is tried
     * @param otherOrNull the document that it is compared with
     */
    public Trial(Books books, JsonMapper json, ObjectNode rule, JsonNode otherOrNull, String mappingOrNull) {
        this.json = json;
        List<ObjectNode> documents = new ArrayList<>();
        String id = rule.path("id").asString();
        add(documents, "audience", audienceAlone(rule), id);
        if (rule.path("trigger").isObject()) {
            add(documents, "judged", without(rule, "when", "limits", "cooldown"), id);
        }
        add(documents, "held", without(rule, "limits", "cooldown"), id);
        steps.put(id, new Step("fired"));
        documents.add(rule);
        book = books.open(documents);
        try {
            replay = new Replay(book, mappingOrNull, this::matched);
            otherBook = otherOrNull == null ? null : books.open(List.of(otherOrNull));
            other = otherBook == null
                    ? null
                    : new Replay(otherBook, mappingOrNull, (time, by, user, matchId, body) -> {
                        note(user, time, body, 2);
                    });
        } catch (RuntimeException | Error e) {
            book.close();
            throw e;
        }
    }

    private void add(List<ObjectNode> documents, String step, ObjectNode document, String id) {
        String name = step.equals(id) ? step + "." : step;
        steps.put(name, new Step(step));
        documents.add(document.put("id", name));
    }

    private static ObjectNode without(ObjectNode rule, String... parts) {
        ObjectNode less = rule.deepCopy();
        less.remove("action");
        for (String part : parts) {
            less.remove(part);
        }
        return less;
    }

    /** Fires at each user's first event, if he is in the audience. */
    private static ObjectNode audienceAlone(ObjectNode rule) {
        ObjectNode alone = without(rule, "measures", "when", "limits", "cooldown", "trigger");
        alone.putObject("trigger").putObject("on");
        alone.putArray("limits").addObject().put("times", 1).put("per", "life");
        return alone;
    }

    /** The next event, by time. */
    public void event(String user, long time, byte[] raw) {
        users.add(user);
        events++;
        from = Math.min(from, time);
        to = Math.max(to, time);
        replay.event(user, time, raw);
        if (other != null) {
            other.event(user, time, raw);
        }
    }

    /** The events are over. What was due by the last of them has happened. */
    public Result end() {
        if (events > 0) {
            replay.pass(to);
            if (other != null) {
                other.pass(to);
            }
        }
        List<Reached> funnel = new ArrayList<>();
        steps.values()
                .forEach(step ->
                        funnel.add(new Reached(step.name, step.users.size(), step.times, List.copyOf(step.examples))));
        return new Result(
                users.size(),
                events,
                events == 0 ? null : Instant.ofEpochMilli(from),
                events == 0 ? null : Instant.ofEpochMilli(to),
                funnel,
                other == null ? null : comparison());
    }

    /** The rule's replay, for what its users' states tell. */
    public Replay replay() {
        return replay;
    }

    private void matched(long time, String rule, String user, String matchId, byte[] body) {
        Step step = steps.get(rule);
        step.times++;
        if (step.users.add(user) && step.examples.size() < EXAMPLES) {
            step.examples.add(new Example(user, Instant.ofEpochMilli(time)));
        }
        if (other != null && step.name.equals("fired")) {
            note(user, time, body, 1);
        }
    }

    private void note(String user, long time, byte[] body, int side) {
        Moment moment = new Moment(user, time, json.readTree(body).path("key").toString());
        if (seen.size() < COMPARED || seen.containsKey(moment)) {
            seen.merge(moment, side, (a, b) -> a | b);
        } else {
            cut = true;
        }
    }

    private Comparison comparison() {
        long[] counts = new long[4];
        List<Example> onlyNew = new ArrayList<>();
        List<Example> onlyOld = new ArrayList<>();
        seen.forEach((moment, sides) -> {
            counts[sides]++;
            List<Example> examples = sides == 1 ? onlyNew : onlyOld;
            if (sides != 3 && examples.size() < EXAMPLES) {
                examples.add(new Example(moment.user(), Instant.ofEpochMilli(moment.time())));
            }
        });
        return new Comparison(counts[3], counts[1], counts[2], onlyNew, onlyOld, cut);
    }

    @Override
    public void close() {
        replay.close();
        book.close();
        if (other != null) {
            other.close();
            otherBook.close();
        }
    }

    private record Moment(String user, long time, String key) {}

    private static final class Step {
        private final String name;
        private final Set<String> users = new HashSet<>();
        private final List<Example> examples = new ArrayList<>();
        private long times;

        Step(String name) {
            this.name = name;
        }
    }

    /**
     * What happened.
     *
     * @param users in the events
     * @param funnel from the audience to what fired
     * @param comparison null: with nothing
     */
    @Schema(requiredProperties = {"users", "events", "funnel"})
    public record Result(
            long users, long events, Instant from, Instant to, List<Reached> funnel, Comparison comparison) {
        /** How often the rule fired. */
        public Reached fired() {
            return funnel.get(funnel.size() - 1);
        }
    }

    /**
     * A step of the funnel.
     *
     * @param step audience: a user of it did something; judged: the trigger came (left out where a rule has none); held:
     *     the condition held too; fired: limits and cool-down let it
     * @param times how often it was reached; of the audience, as often as there are users
     */
    public record Reached(String step, long users, long times, List<Example> examples) {}

    /** A user, and when it first happened to him. */
    public record Example(String user, Instant at) {}

    /**
     * Two revisions.
     *
     * @param both matches of the same user, moment and correlation value
     * @param cut there were more matches than are compared
     */
    public record Comparison(
            long both, long onlyNew, long onlyOld, List<Example> newExamples, List<Example> oldExamples, boolean cut) {}
}
