package io.alcedo.natives;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What came out of a vector's run, in any host, and how it differs from what must. */
public final class VectorResults {
    private static final Comparator<JsonNode> ORDER = Comparator.comparingLong(
                    (JsonNode match) -> match.get("time").asLong())
            .thenComparing(match -> match.get("user").asText())
            .thenComparing(match -> match.get("rule").asText())
            .thenComparingLong(match -> match.get("occurrence").asLong());

    private final List<JsonNode> matches = new ArrayList<>();
    private final List<Long> late = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();
    private final List<JsonNode> statuses = new ArrayList<>();
    private Integer kept;
    private long dropped;
    private long repeated;

    /** Adds a match's JSON. */
    public void match(byte[] json) {
        try {
            matches.add(Vector.JSON.readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a late record. */
    public void late(long position) {
        late.add(position);
    }

    /** Adds a bad record. */
    public void bad(long position, String reason) {
        bad.add(position + " " + reason);
    }

    /** Adds what became of an update: a JSON list of statuses. */
    public void statuses(String list) {
        try {
            Vector.JSON.readTree(list).forEach(statuses::add);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells of how many users the host keeps state at the end. */
    public void kept(int users) {
        kept = users;
    }

    /** Adds what an engine counted in its life. */
    public void counted(Counters counters) {
        dropped += counters.dropped;
        repeated += counters.repeated;
    }

    /** How many matches came. */
    public int matches() {
        return matches.size();
    }

    /** Everything that is not as the vector says; empty if all is well. */
    public List<String> differences(Vector vector) {
        List<String> all = new ArrayList<>();
        compareMatches(vector.expect().path("matches"), all);
        List<Long> wantedLate = stream(vector.expect().path("late"))
                .map(JsonNode::asLong)
                .sorted()
                .collect(Collectors.toList());
        List<Long> foundLate = late.stream().sorted().collect(Collectors.toList());
        if (!wantedLate.equals(foundLate)) {
            all.add("late " + foundLate + " instead of " + wantedLate);
        }
        List<String> wantedBad = stream(vector.expect().path("bad"))
                .map(one ->
                        one.get("position").asLong() + " " + one.get("reason").asText())
                .sorted()
                .collect(Collectors.toList());
        List<String> foundBad = bad.stream().sorted().collect(Collectors.toList());
        if (!wantedBad.equals(foundBad)) {
            all.add("bad " + foundBad + " instead of " + wantedBad);
        }
        compareRefused(vector.expect().path("refused"), all);
        compareStatuses(vector.expect(), all);
        JsonNode keeps = vector.expect().path("kept");
        if (!keeps.isMissingNode() && (kept == null || kept != keeps.asInt())) {
            all.add(kept + " users are kept instead of " + keeps);
        }
        compareCount(vector.expect().path("dropped"), dropped, "dropped", all);
        compareCount(vector.expect().path("repeated"), repeated, "repeated", all);
        if (vector.expect().has("report")) {
            all.addAll(VectorReport.differences(vector));
        }
        return all;
    }

    private static void compareCount(JsonNode wanted, long counted, String what, List<String> all) {
        if (!wanted.isMissingNode() && wanted.asLong() != counted) {
            all.add(counted + " " + what + " instead of " + wanted);
        }
    }

    /** What is told of one rule has an order; which rule comes first is no part of the meaning. */
    private void compareStatuses(JsonNode expect, List<String> all) {
        if (!expect.has("statuses")) {
            return;
        }
        List<String> wanted = byRule(stream(expect.get("statuses")));
        List<String> found = byRule(statuses.stream());
        if (!wanted.equals(found)) {
            all.add("statuses " + found + " instead of " + wanted);
        }
    }

    private static List<String> byRule(Stream<JsonNode> statuses) {
        return statuses.sorted(Comparator.comparing(
                        (JsonNode status) -> status.get("rule").toString()))
                .map(status -> status.get("rule") + " " + status.get("revision") + " " + status.get("state"))
                .collect(Collectors.toList());
    }

    private void compareMatches(JsonNode wanted, List<String> all) {
        matches.sort(ORDER);
        if (matches.size() != wanted.size()) {
            all.add(matches.size() + " matches instead of " + wanted.size() + ": " + matches);
            return;
        }
        for (int i = 0; i < wanted.size(); i++) {
            JsonNode found = matches.get(i);
            wanted.get(i).properties().forEach(field -> {
                if (!same(found.get(field.getKey()), field.getValue())) {
                    all.add(field.getKey() + " is not " + field.getValue() + " in " + found);
                }
            });
        }
    }

    /** By value, and 1 is not 1.0; how many bits a parser chose for a number is no difference. */
    static boolean same(JsonNode a, JsonNode b) {
        if (a == null) {
            return b.isNull(); // what is left out is expected as null
        }
        if (a.getNodeType() != b.getNodeType() || a.size() != b.size()) {
            return false;
        }
        if (a.isNumber()) {
            return a.isIntegralNumber() == b.isIntegralNumber()
                    && a.decimalValue().compareTo(b.decimalValue()) == 0;
        }
        if (a.isObject()) {
            return StreamSupport.stream(((Iterable<String>) a::fieldNames).spliterator(), false)
                    .allMatch(name -> b.has(name) && same(a.get(name), b.get(name)));
        }
        if (a.isArray()) {
            for (int i = 0; i < a.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return a.equals(b);
    }

    private void compareRefused(JsonNode wanted, List<String> all) {
        TreeSet<String> rules = new TreeSet<>();
        List<JsonNode> refused = statuses.stream()
                .filter(status -> status.get("state").asText().equals("refused"))
                .collect(Collectors.toList());
        for (JsonNode one : wanted) {
            rules.add(one.get("rule").asText());
            boolean there = refused.stream()
                    .filter(status -> status.get("rule").equals(one.get("rule")))
                    .flatMap(status -> stream(status.get("problems")))
                    .anyMatch(problem -> isProblem(one, problem));
            if (!there) {
                all.add("not refused: " + one + "; refused: " + refused);
            }
        }
        refused.stream()
                .filter(status -> !rules.contains(status.get("rule").asText()))
                .forEach(status -> all.add("refused: " + status));
    }

    /** Whether a rule is refused for this: at the path, and in these phrases where the vector has some. */
    private static boolean isProblem(JsonNode wanted, JsonNode problem) {
        return wanted.get("path").equals(problem.get("path"))
                && (!wanted.has("said") || wanted.get("said").equals(problem.get("said")));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
