package io.alcedo.admin.forecast;

import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.forecast.ForecastMapper.Row;
import io.alcedo.admin.forecast.ForecastMapper.Running;
import io.alcedo.admin.replay.ReplayException;
import io.alcedo.admin.rule.RuleService;
import io.alcedo.admin.user.EventStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/**
 * Forecasts of what runs. One is made as soon as a revision is live, beside the publication and not within it: it takes
 * seconds, and nobody waits for it. Where no events are known yet it is made when some are.
 */
@Service
class KeptForecasts {
    private static final Logger LOG = LoggerFactory.getLogger(KeptForecasts.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration COMPARED = Duration.ofHours(24);
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final int SHOWN = 20;

    private final ForecastMapper kept;
    private final Forecasts forecasts;
    private final EventStore events;
    private final RuleService rules;
    private final JsonMapper json;
    private final Clock clock;
    /** Revisions that could not be told of, and when they are tried again. */
    private final Map<String, Retry> retries = new HashMap<>();

    KeptForecasts(
            ForecastMapper kept,
            Forecasts forecasts,
            EventStore events,
            RuleService rules,
            JsonMapper json,
            Clock clock) {
        this.events = events;
        this.kept = kept;
        this.forecasts = forecasts;
        this.rules = rules;
        this.json = json;
        this.clock = clock;
    }

    /** Of a rule's latest revisions, the newest first. */
    List<KeptForecast> ofRule(String id) {
        rules.get(id);
        return kept.ofRule(id, SHOWN).stream().map(this::withObserved).toList();
    }

    @Scheduled(fixedDelayString = "${alcedo.forecasts.look:2s}", initialDelayString = "${alcedo.forecasts.look:2s}")
    synchronized void look() {
        Instant now = clock.instant();
        if (kept.gone() > 0) {
            kept.end(now, events.extent().to());
        }
        List<Running> lacking = kept.withoutForecast();
        retries.keySet().retainAll(lacking.stream().map(KeptForecasts::key).toList());
        for (Running one : lacking) {
            Retry retry = retries.get(key(one));
            if (retry == null || !now.isBefore(retry.at())) {
                make(one, retry);
            }
        }
    }

    private void make(Running one, Retry before) {
        try {
            Forecasts.Forecast made = forecasts.of(one.ruleId(), json.readTree(one.definition()));
            if (made.sample() != null && made.matchesPerHour() != null) {
                kept.insert(new Row(
                        one.ruleId(),
                        one.revision(),
                        clock.instant(),
                        null,
                        made.matchesPerHour(),
                        made.audience(),
                        made.stateBytes(),
                        made.sample().users(),
                        made.sample().events(),
                        made.sample().to(),
                        null));
                return;
            }
        } catch (DuplicateKeyException e) {
            return; // another instance was faster
        } catch (ProblemException | ReplayException e) {
            LOG.info("Revision {} of rule {} has no forecast: {}", one.revision(), one.ruleId(), e.getMessage());
        }
        Duration pause = before == null ? SHORTEST_PAUSE : before.pause().multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        retries.put(key(one), new Retry(clock.instant().plus(pause), pause));
    }

    private KeptForecast withObserved(Row row) {
        Instant to = row.endedAt() == null ? lastKnown(row) : row.lastEventAt();
        KeptForecast.Observed observed = null;
        if (to != null && row.sampleEndedAt().plus(SHORTEST).isBefore(to)) {
            Instant dayBefore = to.minus(COMPARED);
            Instant from = row.sampleEndedAt().isBefore(dayBefore) ? dayBefore : row.sampleEndedAt();
            long matches = kept.matches(row.ruleId(), from, to);
            double hours = Duration.between(from, to).toMillis() / 3_600_000.0;
            observed = new KeptForecast.Observed(from, to, matches, matches / hours);
        }
        return new KeptForecast(
                row.revision(),
                row.madeAt(),
                row.endedAt(),
                row.matchesPerHour(),
                row.audience(),
                row.stateBytes(),
                row.sampleUsers(),
                row.sampleEvents(),
                observed);
    }

    /** The time of the last thing that is known to have happened: a log may run ahead of the clock, or behind it. */
    private Instant lastKnown(Row row) {
        Instant event = events.extent().to();
        Instant match = kept.lastMatch(row.ruleId());
        return event == null || match != null && match.isAfter(event) ? match : event;
    }

    private static String key(Running one) {
        return one.ruleId() + ' ' + one.revision();
    }

    private record Retry(Instant at, Duration pause) {}
}
