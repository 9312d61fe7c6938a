package io.alcedo.admin.match;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Matches on their way in. Jobs send at least once, so a match that is known by its {@code match_id} is not kept again.
 * Whoever sends more than can be written is told to wait, and loses nothing: a batch is taken whole or not at all.
 */
@Service
class MatchIntake {
    private static final int ROWS = 500;
    private static final int AT_ONCE = 4;
    private static final int TRIES = 8;
    private static final Pattern MATCH_ID = Pattern.compile("[0-9a-f]{32}");

    private final MatchMapper matches;
    private final MatchStream stream;
    private final TransactionTemplate transaction;
    private final AdminProperties properties;
    private final JsonMapper json;
    private final Clock clock;
    private final Counter received;
    private final Counter repeated;
    private final Semaphore places = new Semaphore(AT_ONCE);

    MatchIntake(
            MatchMapper matches,
            MatchStream stream,
            TransactionTemplate transaction,
            AdminProperties properties,
            JsonMapper json,
            Clock clock,
            MeterRegistry meters) {
        this.matches = matches;
        this.stream = stream;
        this.transaction = transaction;
        this.properties = properties;
        this.json = json;
        this.clock = clock;
        received = meters.counter("alcedo.matches.received");
        repeated = meters.counter("alcedo.matches.repeated");
    }

    /** Lines with a match each. All are kept, or none. */
    Taken take(String lines) {
        Map<String, Match> batch = read(lines);
        if (!enter()) {
            throw new ProblemException(
                            ProblemCode.BUSY, "More matches come than can be written: send these again in a second.")
                    .retryAfter(Duration.ofSeconds(1));
        }
        try {
            List<Match> added = keep(batch);
            received.increment(added.size());
            repeated.increment(batch.size() - (double) added.size());
            stream.tell(added);
            return new Taken(batch.size(), added.size());
        } finally {
            places.release();
        }
    }

    private boolean enter() {
        try {
            return places.tryAcquire(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Two requests may bring the same match at the same time: one of them is undone, and finds it known. */
    private List<Match> keep(Map<String, Match> batch) {
        for (int i = 1; ; i++) {
            try {
                return transaction.execute(status -> write(batch));
            } catch (DuplicateKeyException | PessimisticLockingFailureException e) {
                if (i == TRIES) {
                    throw new ProblemException(
                                    ProblemCode.BUSY, "The same matches come in several requests: send these again.")
                            .retryAfter(Duration.ofSeconds(1));
                }
                pause(i);
            }
        }
    }

    private static void pause(int tries) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(Math.min(20L << tries, 500)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Match> write(Map<String, Match> batch) {
        List<String> ids = List.copyOf(batch.keySet());
        Set<String> known = new HashSet<>();
        for (int i = 0; i < ids.size(); i += ROWS) {
            known.addAll(matches.known(ids.subList(i, Math.min(ids.size(), i + ROWS))));
        }
        List<Match> added = batch.values().stream()
                .filter(match -> !known.contains(match.matchId()))
                .toList();
        for (int i = 0; i < added.size(); i += ROWS) {
            matches.insertAll(added.subList(i, Math.min(added.size(), i + ROWS)));
        }
        // In one order, so that two batches never wait for each other.
        Map<String, Long> perRule = new TreeMap<>();
        added.forEach(match -> perRule.merge(match.ruleId(), 1L, Long::sum));
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        perRule.forEach((rule, number) -> {
            MatchRate more = new MatchRate(rule, minute, number);
            if (matches.count(more) == 0) {
                matches.begin(more);
            }
        });
        return added;
    }

    private Map<String, Match> read(String lines) {
        Instant now = clock.instant();
        // By id: two requests with the same matches write them in the same order, and never wait for each other.
        Map<String, Match> batch = new TreeMap<>();
        List<FieldProblem> wrong = new ArrayList<>();
        int number = 0;
        for (String text : lines.split("\n")) {
            number++;
            if (text.isBlank()) {
                continue;
            }
            try {
                Line line = json.readValue(text, Line.class);
                String why = line == null ? "it is null" : line.wrong();
                if (why == null) {
                    batch.putIfAbsent(line.matchId(), line.match(now, text.strip()));
                } else {
                    wrong.add(new FieldProblem("line " + number, why));
                }
            } catch (JacksonException e) {
                wrong.add(new FieldProblem(
                        "line " + number, e.getOriginalMessage().split("\\R", 2)[0]));
            }
            if (wrong.size() == 20) {
                break;
            }
        }
        if (!wrong.isEmpty()) {
            FieldProblem first = wrong.get(0);
            throw new ProblemException(
                    ProblemCode.DATA_REFUSED,
                    first.path() + ": " + first.reason() + ". None of the batch was taken: send matches as the engine"
                            + " writes them, one a line.",
                    wrong);
        }
        return batch;
    }

    /** What is older than is kept goes, some at a time, so that nothing waits long for the table. */
    @Scheduled(fixedDelay = 60_000, initialDelay = 30_000)
    void forget() {
        Instant before = clock.instant().minus(properties.matches().keep());
        while (matches.forget(before, 5_000) == 5_000) {
            Thread.yield();
        }
        matches.forgetRates(before);
    }

    /**
     * What became of a batch.
     *
     * @param matches in the batch
     * @param added that were not known
     */
    record Taken(int matches, int added) {}

    /** What is read of a match; the rest of it is kept as it came. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Line(String matchId, String rule, Long revision, String user, Long time) {
        String wrong() {
            if (matchId == null || !MATCH_ID.matcher(matchId).matches()) {
                return "`match_id` must be 32 hexadecimal digits";
            }
            if (rule == null || rule.isEmpty() || rule.length() > 64) {
                return "`rule` must be a text of 1 to 64 characters";
            }
            if (revision == null || revision < 1 || revision > Integer.MAX_VALUE) {
                return "`revision` must be a number from 1 on";
            }
            if (user == null || user.isEmpty() || user.getBytes(StandardCharsets.UTF_8).length > 128) {
                return "`user` must be a text of 1 to 128 bytes";
            }
            return time == null ? "`time` must be a number" : null;
        }

        Match match(Instant now, String text) {
            return new Match(0, matchId, rule, revision.intValue(), user, Instant.ofEpochMilli(time), now, text);
        }
    }
}
