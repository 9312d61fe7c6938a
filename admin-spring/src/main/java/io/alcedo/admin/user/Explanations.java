package io.alcedo.admin.user;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.publish.Outbox;
import io.alcedo.admin.publish.Publication;
import io.alcedo.admin.replay.Books;
import io.alcedo.admin.replay.Replay;
import io.alcedo.admin.replay.ReplayPlaces;
import io.alcedo.admin.rule.Rule;
import io.alcedo.admin.rule.RuleEngine;
import io.alcedo.admin.rule.RuleService;
import io.alcedo.natives.RuleBook;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Why a rule fires for a user, or does not: his events once more through the engine, up to the moment. */
@Service
class Explanations {
    /** Events of one user that are looked at; the latest, where he has more. */
    static final int MOST = 20_000;

    private static final Instant EVER = Instant.ofEpochMilli(0);

    private final EventStore events;
    private final RuleService rules;
    private final RuleEngine engine;
    private final Outbox outbox;
    private final Books books;
    private final ReplayPlaces places;
    private final AdminProperties properties;
    private final JsonMapper json;
    private final Clock clock;

    Explanations(
            EventStore events,
            RuleService rules,
            RuleEngine engine,
            Outbox outbox,
            Books books,
            ReplayPlaces places,
            AdminProperties properties,
            JsonMapper json,
            Clock clock) {
        this.events = events;
        this.rules = rules;
        this.engine = engine;
        this.outbox = outbox;
        this.books = books;
        this.places = places;
        this.properties = properties;
        this.json = json;
        this.clock = clock;
    }

    /**
     * One rule.
     *
     * @param revision null: the one that runs, or the newest of a rule that was never published
     * @param at null: now, or the user's last event if that is later
     */
    Explained explain(String user, String ruleId, Integer revision, Instant at) {
        return places.in(() -> inPlace(user, ruleId, revision, at));
    }

    private Explained inPlace(String user, String ruleId, Integer revision, Instant at) {
        Rule rule = rules.get(ruleId);
        Instant end = at == null ? Instant.ofEpochMilli(Long.MAX_VALUE) : at.plusMillis(1);
        List<UserEvent> his = events.ofUser(user, EVER, end, MOST);
        Instant until = at == null ? nowOf(his) : at;
        JsonNode document = document(rule, revision, his, until);
        List<Instant> fired = new ArrayList<>();
        Replay.Matches note = (time, id, whose, matchId, body) -> fired.add(Instant.ofEpochMilli(time));
        String mapping = properties.events().mapping();
        try (RuleBook book = books.open(List.of(document));
                Replay replay = new Replay(book, mapping.isBlank() ? null : mapping, note)) {
            for (UserEvent event : his) {
                replay.event(
                        user, event.happenedAt().toEpochMilli(), event.event().getBytes(StandardCharsets.UTF_8));
            }
            replay.pass(until.toEpochMilli());
            JsonNode explanation = json.readTree(replay.explain(ruleId, user, until.toEpochMilli()));
            Instant since = his.isEmpty() ? null : his.get(0).happenedAt();
            return new Explained(explanation, his.size(), since, his.size() == MOST, fired);
        }
    }

    /** Where a log runs ahead of the clock, what has come has happened. */
    private Instant nowOf(List<UserEvent> his) {
        Instant now = clock.instant();
        Instant last = his.isEmpty() ? now : his.get(his.size() - 1).happenedAt();
        return last.isAfter(now) ? last : now;
    }

    private JsonNode document(Rule rule, Integer wanted, List<UserEvent> his, Instant until) {
        Publication told = outbox.publication(rule.id());
        boolean running = told != null && (wanted == null || wanted == told.revision());
        if (running) {
            return json.readTree(outbox.told(rule.id(), told.revision()).rule());
        }
        int revision = wanted == null ? rule.headRevision() : wanted;
        // As if it were published before all that is known of him, so that all of it counts.
        Instant publishedAt = told != null
                ? told.publishedAt()
                : his.isEmpty() ? until : his.get(0).happenedAt();
        JsonNode definition = json.readTree(rules.revision(rule.id(), revision).definition());
        return engine.document(rule.id(), revision, "live", publishedAt, definition);
    }

    /**
     * Why, or why not.
     *
     * @param explanation the engine's words, as docs/guide/explain.md lists them
     * @param events of the user that were looked at
     * @param eventsSince the first of them; what he did before is not known here
     * @param cut he has more events than are looked at
     * @param fired when the rule fired for him, by these events
     */
    @Schema(requiredProperties = {"explanation", "events", "cut", "fired"})
    record Explained(
            @Schema(types = "object") JsonNode explanation,
            int events,
            Instant eventsSince,
            boolean cut,
            List<Instant> fired) {}
}
