package io.alcedo.admin.forecast;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.audience.AudienceService;
import io.alcedo.admin.replay.Books;
import io.alcedo.admin.replay.Replay;
import io.alcedo.admin.replay.ReplayPlaces;
import io.alcedo.admin.replay.Trial;
import io.alcedo.admin.rule.Definitions;
import io.alcedo.admin.rule.RuleEngine;
import io.alcedo.admin.user.EventStore;
import io.alcedo.natives.RuleBook;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
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
    private final ReplayPlaces places;
    private final AdminProperties properties;
    private final JsonMapper json;
    private final Clock clock;

    Forecasts(
            EventStore events,
            AudienceService audiences,
            RuleEngine engine,
            Books books,
            ReplayPlaces places,
            AdminProperties properties,
            JsonMapper json,
            Clock clock) {
        this.events = events;
        this.audiences = audiences;
        this.engine = engine;
        this.books = books;
        this.places = places;
        this.properties = properties;
        this.json = json;
        this.clock = clock;
    }

    /** As if the rule had been published at the first event of the sample. */
    Forecast of(String id, JsonNode definition) {
        return places.in(() -> inPlace(id, definition));
    }

    private Forecast inPlace(String id, JsonNode definition) {
        Definitions.mustBeRight(engine.check(id, definition, clock.instant()));
        Long audience = audiences.sizeOf(definition.path("audience"));
        EventStore.Extent extent = events.extent();
        if (extent.events() == 0) {
            return new Forecast(null, audience, null, null, null, List.of());
        }
        String mapping = properties.events().mapping().isBlank()
                ? null
                : properties.events().mapping();
        ObjectNode document = engine.document(id, 1, "live", extent.from(), definition);
        // The trial judges parts of the rule beside it; what the rule itself keeps is seen where it is alone.
        try (Trial trial = new Trial(books, json, document.deepCopy(), null, mapping);
                RuleBook book = books.open(List.of(document));
                Replay alone = new Replay(book, mapping, (time, rule, user, matchId, body) -> {})) {
            double share = events.sample(SAMPLE, event -> {
                byte[] raw = event.event().getBytes(StandardCharsets.UTF_8);
                long time = event.happenedAt().toEpochMilli();
                trial.event(event.userId(), time, raw);
                alone.event(event.userId(), time, raw);
            });
            Trial.Result result = trial.end();
            alone.pass(extent.to().toEpochMilli());
            double hours = Duration.between(extent.from(), extent.to()).toMillis() / 3_600_000.0;
            Double perHour = hours < 1.0 / 60 ? null : result.fired().times() / share / hours;
            return new Forecast(
                    new Sample(share, result.users(), result.events(), extent.from(), extent.to()),
                    audience,
                    result.funnel(),
                    perHour,
                    Math.round(alone.stateBytes() / share),
                    conditions(alone, id, extent.to().toEpochMilli()));
        }
    }

    /** How many of the users that hold anything are how far with each part of the condition. */
    private List<Condition> conditions(Replay replay, String id, long at) {
        Map<String, long[]> parts = new LinkedHashMap<>();
        List<String> users = replay.states().keySet().stream()
                .sorted(Comparator.comparingInt(Forecasts::scattered))
                .limit(ASKED)
                .toList();
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

    /** Ids often tell who came first: an order that has nothing to do with them makes the first ones a sample. */
    private static int scattered(String user) {
        int mixed = user.hashCode() * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
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
     * @param stateBytes that the rule would keep of all users at the end of the sample, in a job's form and before its
     *     store compresses it; null: no events are kept
     * @param conditions of the sample's users, at its end
     */
    @Schema(requiredProperties = {"conditions"})
    record Forecast(
            Sample sample,
            Long audience,
            List<Trial.Reached> funnel,
            Double matchesPerHour,
            Long stateBytes,
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
