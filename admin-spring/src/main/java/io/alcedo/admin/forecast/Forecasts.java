package io.alcedo.admin.forecast;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.audience.AudienceService;
import io.alcedo.admin.replay.Books;
import io.alcedo.admin.replay.Replay;
import io.alcedo.admin.replay.Trial;
import io.alcedo.admin.rule.Definitions;
import io.alcedo.admin.rule.RuleEngine;
import io.alcedo.admin.user.EventStore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a rule will probably do, from what a sample of users did of late: their events through the engine. */
@Service
class Forecasts {
    /** Events that are looked at: some seconds at most. */
    private static final long SAMPLE = 100_000;
    /** Users whose standing is asked for one by one. */
    private static final int ASKED = 500;

    private final EventStore events;
    private final AudienceService audiences;
    private final RuleEngine engine;
    private final Books books;
    private final AdminProperties properties;
    private final JsonMapper json;
    private final Clock clock;

    Forecasts(
            EventStore events,
            AudienceService audiences,
            RuleEngine engine,
            Books books,
            AdminProperties properties,
            JsonMapper json,
            Clock clock) {
        this.events = events;
        this.audiences = audiences;
        this.engine = engine;
        this.books = books;
        this.properties = properties;
        this.json = json;
        this.clock = clock;
    }

    /** As if the rule had been published at the first event of the sample. */
    Forecast of(String id, JsonNode definition) {
        Definitions.mustBeRight(engine.check(id, definition, clock.instant()));
        Long audience = audiences.sizeOf(definition.path("audience"));
        EventStore.Extent extent = events.extent();
        if (extent.events() == 0) {
            return new Forecast(null, audience, null, null, List.of());
        }
        String mapping = properties.events().mapping();
        ObjectNode document = engine.document(id, 1, "live", extent.from(), definition);
        try (Trial trial = new Trial(books, json, document, null, mapping.isBlank() ? null : mapping)) {
            double share = events.sample(
                    SAMPLE,
                    event -> trial.event(
                            event.userId(),
                            event.happenedAt().toEpochMilli(),
                            event.event().getBytes(StandardCharsets.UTF_8)));
            Trial.Result result = trial.end();
            double hours = Duration.between(extent.from(), extent.to()).toMillis() / 3_600_000.0;
            Double perHour = hours < 1.0 / 60 ? null : result.fired().times() / share / hours;
            return new Forecast(
                    new Sample(share, result.users(), result.events(), extent.from(), extent.to()),
                    audience,
                    result.funnel(),
                    perHour,
                    conditions(trial.replay(), id, extent.to().toEpochMilli()));
        }
    }

    /** How many of the users that hold anything are how far with each part of the condition. */
    private List<Condition> conditions(Replay replay, String id, long at) {
        Map<String, long[]> parts = new LinkedHashMap<>();
        List<String> users =
                replay.states().keySet().stream().sorted().limit(ASKED).toList();
        for (String user : users) {
            JsonNode cases = json.readTree(replay.explain(id, user, at)).path("cases");
            Map<String, long[]> his = new LinkedHashMap<>();
            cases.forEach(one -> look(one.path("condition"), his));
            his.forEach((path, found) -> {
                long[] counts = parts.computeIfAbsent(path, any -> new long[2]);
                counts[0] += found[0];
                counts[1] += found[1];
            });
        }
        return parts.entrySet().stream()
                .map(part -> new Condition(part.getKey(), part.getValue()[0], part.getValue()[1], users.size()))
                .toList();
    }

    /** Of one user, over his correlation values: whether a part holds for one of them, or is begun. */
    private static void look(JsonNode node, Map<String, long[]> his) {
        if (node.path("path").isString()) {
            long[] found = his.computeIfAbsent(node.path("path").asString(), any -> new long[2]);
            boolean holds = node.path("holds").asBoolean(false);
            boolean begun = node.path("message").path("with").path("present").asDouble(0) > 0;
            found[0] = Math.max(found[0], holds ? 1 : 0);
            found[1] = Math.max(found[1], !holds && begun ? 1 : 0);
        }
        node.path("parts").forEach(part -> look(part, his));
    }

    /**
     * What will probably happen.
     *
     * @param sample what it is made of; null: no events are kept, so only the audience is known
     * @param audience users in it by their tags; null: everyone, or members that are not known yet
     * @param funnel of the sample, as of a backtest
     * @param matchesPerHour of all users; null where the sample is too short
     * @param conditions of the sample's users, at its end
     */
    @Schema(requiredProperties = {"conditions"})
    record Forecast(
            Sample sample,
            Long audience,
            List<Trial.Reached> funnel,
            Double matchesPerHour,
            List<Condition> conditions) {}

    /**
     * What was looked at.
     *
     * @param share of all users, above 0 and at most 1
     */
    record Sample(double share, long users, long events, Instant from, Instant to) {}

    /**
     * A part of the rule's condition.
     *
     * @param path its place in the rule, a JSON pointer
     * @param hold users for whom it holds
     * @param begun users for whom it does not, and who did something towards it
     * @param of users that were asked
     */
    record Condition(String path, long hold, long begun, long of) {}
}
