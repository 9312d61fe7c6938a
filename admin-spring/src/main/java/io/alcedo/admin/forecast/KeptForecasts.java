package io.alcedo.admin.forecast;

import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.forecast.ForecastMapper.Row;
import io.alcedo.admin.forecast.ForecastMapper.Running;
import io.alcedo.admin.replay.ReplayException;
import io.alcedo.admin.rule.RuleService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    private static final int SHOWN = 20;

    private final ForecastMapper kept;
    private final Forecasts forecasts;
    private final RuleService rules;
    private final JsonMapper json;
    private final Clock clock;
    /** Revisions that could not be told of, and when they are tried again. */
    private final Map<String, Retry> retries = new HashMap<>();

    KeptForecasts(ForecastMapper kept, Forecasts forecasts, RuleService rules, JsonMapper json, Clock clock) {
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
        kept.end(now);
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
                        made.sample().events()));
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
        Instant until = row.endedAt() == null ? clock.instant() : row.endedAt();
        Instant to = until.truncatedTo(ChronoUnit.MINUTES);
        Instant first = row.madeAt().truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        Instant from = first.isBefore(to.minus(COMPARED)) ? to.minus(COMPARED) : first;
        KeptForecast.Observed observed = null;
        if (from.isBefore(to)) {
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

    private static String key(Running one) {
        return one.ruleId() + ' ' + one.revision();
    }

    private record Retry(Instant at, Duration pause) {}
}
