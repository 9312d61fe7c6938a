package io.alcedo.natives;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A golden vector: rules, a stream, and what must come out. {@code testdata/vectors/README.md} tells its form. Every
 * JVM host's tests read the vectors by this class, so that they are read in one way.
 */
public final class Vector {
    /** A number keeps the digits it was written with: 1.0 stays 1.0, and what no double holds stays what it is. */
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** What a step is. */
    public enum Kind {
        RECORD,
        WATERMARK,
        RULES,
        AUDIENCE,
        RESTART,
        RESCALE,
        END
    }

    /** One step of the stream; the fields that do not belong to its kind are empty. */
    public static final class Step {
        public final Kind kind;
        /** RECORD: the bytes of the line. */
        public final byte[] raw;
        /** RECORD: its partition. */
        public final int partition;
        /** RECORD: its broker's time, or {@link Extractor#NO_BROKER_TIME}. */
        public final long brokerTime;
        /** RECORD: its position. WATERMARK: the time. RESCALE: the parallelism. */
        public final long number;
        /** RULES: the set is complete. END: deadlines fire. */
        public final boolean flag;
        /** RULES: the list of rules as JSON. */
        public final String rules;
        /** AUDIENCE: the new members. */
        public final List<Audience> audiences;

        private Step(Kind kind, long number, boolean flag, String rules, List<Audience> audiences) {
            this(kind, null, 0, Extractor.NO_BROKER_TIME, number, flag, rules, audiences);
        }

        private Step(
                Kind kind,
                byte[] raw,
                int partition,
                long brokerTime,
                long number,
                boolean flag,
                String rules,
                List<Audience> audiences) {
            this.kind = kind;
            this.raw = raw;
            this.partition = partition;
            this.brokerTime = brokerTime;
            this.number = number;
            this.flag = flag;
            this.rules = rules;
            this.audiences = audiences;
        }
    }

    private final String name;
    private final JsonNode json;

    private Vector(String name, JsonNode json) {
        this.name = name;
        this.json = json;
    }

    /** Where the vectors are: in the repository this runs in. */
    public static Path folder() {
        Path at = Paths.get("").toAbsolutePath();
        while (at != null && !Files.isDirectory(at.resolve("testdata/vectors"))) {
            at = at.getParent();
        }
        if (at == null) {
            throw new IllegalStateException(
                    "no testdata/vectors above " + Paths.get("").toAbsolutePath());
        }
        return at.resolve("testdata/vectors");
    }

    /** The files of the vectors, by name. */
    public static List<Path> files() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All vectors, by name. */
    public static List<Vector> all() {
        return files().stream().map(Vector::read).collect(Collectors.toList());
    }

    private static Vector read(Path file) {
        try {
            String name = file.getFileName().toString().replace(".json", "");
            JsonNode json = JSON.readTree(file.toFile());
            VectorForm.check(name, json);
            return new Vector(name, json);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The file's name without its ending. */
    public String name() {
        return name;
    }

    /** The allowed lateness in ms if the order is by arrival; null if it is by time. */
    public Long arrivalLateness() {
        return json.path("order").asText().equals("arrival")
                ? json.path("lateness").asLong()
                : null;
    }

    /** The input mapping as JSON; null: the default. */
    public String mapping() {
        return json.has("mapping") ? json.get("mapping").toString() : null;
    }

    /** How far an event may lie beyond its record's broker time, ms; null: there is no bound. */
    public Long maxAhead() {
        return json.has("max_ahead") ? json.get("max_ahead").asLong() : null;
    }

    /** So many ids of a user's last events are kept; 0: repeats are events like others. */
    public int dedupe() {
        return json.has("dedupe") ? json.get("dedupe").asInt() : 0;
    }

    /** The watermark with which the input ends, Unix ms; null: there is none. */
    public Long until() {
        return json.has("until") ? json.get("until").asLong() : null;
    }

    /** The rules known from the start, a JSON list. */
    public String rules() {
        return json.get("rules").toString();
    }

    /** The audiences from the start: those that tags resolve, then those that are given, which replace them. */
    public List<Audience> audiences() {
        List<Audience> all = new ArrayList<>();
        StringBuilder tags = new StringBuilder();
        json.path("tags").forEach(line -> tags.append(line).append('\n'));
        for (JsonNode rule : json.get("rules")) {
            if (rule.path("audience").has("profile")) {
                all.add(Audience.ofTags(rule.toString(), tags.toString()));
            }
        }
        all.addAll(sets(json.path("audiences")));
        return all;
    }

    private static List<Audience> sets(JsonNode byId) {
        List<Audience> all = new ArrayList<>();
        byId.properties().forEach(set -> {
            List<String> users = new ArrayList<>();
            set.getValue().forEach(user -> users.add(user.asText()));
            all.add(Audience.ofUsers(set.getKey(), users));
        });
        return all;
    }

    /** The stream. */
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        long position = 0;
        for (JsonNode step : json.get("steps")) {
            steps.add(step(step, position));
            position += VectorForm.isRecord(step) ? 1 : 0;
        }
        return steps;
    }

    private Step step(JsonNode step, long position) {
        if (VectorForm.isRecord(step)) {
            return new Step(
                    Kind.RECORD,
                    VectorForm.record(step),
                    step.path("partition").asInt(),
                    step.path("broker_time").asLong(Extractor.NO_BROKER_TIME),
                    step.path("position").asLong(position),
                    false,
                    null,
                    null);
        } else if (step.has("watermark")) {
            return new Step(Kind.WATERMARK, step.get("watermark").asLong(), false, null, null);
        } else if (step.has("rules")) {
            JsonNode update = step.get("rules");
            return new Step(
                    Kind.RULES,
                    0,
                    update.get("complete").asBoolean(),
                    update.get("rules").toString(),
                    null);
        } else if (step.has("audience")) {
            return new Step(Kind.AUDIENCE, 0, false, null, sets(step.get("audience")));
        } else if (step.has("restart")) {
            return new Step(Kind.RESTART, 0, false, null, null);
        } else if (step.has("rescale")) {
            return new Step(Kind.RESCALE, step.get("rescale").asLong(), false, null, null);
        } else if (step.has("end")) {
            return new Step(Kind.END, 0, step.get("end").asText().equals("fire"), null, null);
        }
        throw new IllegalStateException(name + " has a step of no known kind: " + step);
    }

    /** What must come out. */
    JsonNode expect() {
        return json.get("expect");
    }

    @Override
    public String toString() {
        return name + ": " + json.path("why").asText();
    }
}
