package io.alcedo.admin.backtest;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.replay.Books;
import io.alcedo.admin.replay.ReplayException;
import io.alcedo.admin.replay.Trial;
import io.alcedo.admin.rule.RuleEngine;
import io.alcedo.admin.rule.RuleService;
import io.alcedo.admin.user.EventStore;
import io.alcedo.natives.Extractor;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One backtest from its first event to its last. */
@Component
class BacktestRun {
    /** Events of the live sample that are looked at. */
    private static final long SAMPLE = 500_000;

    private static final int LOOK = 1_000;

    private final DataSets dataSets;
    private final EventStore events;
    private final RuleService rules;
    private final RuleEngine engine;
    private final Books books;
    private final AdminProperties properties;
    private final JsonMapper json;

    BacktestRun(
            DataSets dataSets,
            EventStore events,
            RuleService rules,
            RuleEngine engine,
            Books books,
            AdminProperties properties,
            JsonMapper json) {
        this.dataSets = dataSets;
        this.events = events;
        this.rules = rules;
        this.engine = engine;
        this.books = books;
        this.properties = properties;
        this.json = json;
    }

    /** What is tried. */
    JsonNode definition(BacktestRequest wanted) {
        if (wanted.definition() != null && !wanted.definition().isNull()) {
            return wanted.definition();
        }
        int revision = wanted.revision() == null ? rules.get(wanted.rule()).headRevision() : wanted.revision();
        return saved(wanted.rule(), revision);
    }

    private JsonNode saved(String rule, int revision) {
        return json.readTree(rules.revision(rule, revision).definition());
    }

    Trial.Result run(BacktestRequest wanted, Progress progress) {
        EventStore.Extent live = events.extent();
        Instant first = wanted.dataSet() == null
                ? live.from()
                : dataSets.get(wanted.dataSet()).beganAt();
        if (first == null) {
            throw new ReplayException("no events are kept yet: upload a log, or let events come to /engine/events");
        }
        Instant publishedAt = wanted.publishedAt() == null ? first : wanted.publishedAt();
        ObjectNode tried = engine.document(wanted.rule(), 1, "live", publishedAt, definition(wanted));
        JsonNode other = wanted.compareWith() == null
                ? null
                : engine.document(wanted.rule(), 1, "live", publishedAt, saved(wanted.rule(), wanted.compareWith()));
        try (Trial trial = new Trial(books, json, tried, other, mapping())) {
            if (wanted.dataSet() == null) {
                sample(trial, live.events(), progress);
            } else {
                file(trial, dataSets.get(wanted.dataSet()), progress);
            }
            return trial.end();
        }
    }

    private String mapping() {
        String mapping = properties.events().mapping();
        return mapping.isBlank() ? null : mapping;
    }

    private void sample(Trial trial, long all, Progress progress) {
        long[] done = {0};
        events.sample(SAMPLE, event -> {
            if (done[0]++ % LOOK == 0) {
                progress.at(done[0], Math.min(all, SAMPLE));
            }
            trial.event(
                    event.userId(),
                    event.happenedAt().toEpochMilli(),
                    event.event().getBytes(StandardCharsets.UTF_8));
        });
    }

    private void file(Trial trial, DataSet set, Progress progress) {
        long done = 0;
        try (BufferedReader in = Files.newBufferedReader(dataSets.file(set.id()), StandardCharsets.UTF_8);
                Extractor extractor = Extractor.open(mapping(), null)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (done++ % LOOK == 0) {
                    progress.at(done, set.events());
                }
                byte[] raw = line.getBytes(StandardCharsets.UTF_8);
                if (extractor.extract(raw, Extractor.NO_BROKER_TIME) == Extractor.Status.EVENT) {
                    trial.event(extractor.user(), extractor.time(), raw);
                }
            }
        } catch (IOException e) {
            throw new ReplayException("the file of data set " + set.id() + " cannot be read: " + e.getMessage());
        }
    }
}
