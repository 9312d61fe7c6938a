package io.alcedo.admin.match;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.intake.GroupCommit;
import io.alcedo.admin.intake.Lines;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Matches on their way in. Jobs send at least once, so a match that is known by its {@code match_id} is not kept again.
 * Whoever sends more than can be written is told to wait, and loses nothing: a batch is taken whole or not at all.
 */
@Service
class MatchIntake {
    private static final int SHOWN = 20;
    private static final int FORGOTTEN_AT_ONCE = 5_000;
    private static final Pattern MATCH_ID = Pattern.compile("[0-9a-f]{32}");

    private final GroupCommit<Match> writer;
    private final MatchMapper matches;
    private final MatchStream stream;
    private final AdminProperties properties;
    private final ObjectReader reader;
    private final Clock clock;
    private final Counter received;
    private final Counter repeated;

    MatchIntake(
            GroupCommit<Match> writer,
            MatchMapper matches,
            MatchStream stream,
            AdminProperties properties,
            JsonMapper json,
            Clock clock,
            MeterRegistry meters) {
        this.writer = writer;
        this.matches = matches;
        this.stream = stream;
        this.properties = properties;
        this.reader = json.readerFor(Line.class);
        this.clock = clock;
        received = meters.counter("alcedo.matches.received");
        repeated = meters.counter("alcedo.matches.repeated");
    }

    /** Lines with a match each. All are kept, or none; the answer comes after the commit. */
    CompletableFuture<Taken> take(InputStream lines) throws IOException {
        return keep(read(lines).values());
    }

    /** Matches that were read; one that comes twice counts once. */
    CompletableFuture<Taken> keep(Collection<Match> some) {
        Map<String, Match> batch = new HashMap<>();
        some.forEach(match -> batch.putIfAbsent(match.matchId(), match));
        return writer.take(batch).thenApply(added -> {
            received.increment(added.size());
            repeated.increment(batch.size() - (double) added.size());
            stream.tell(added);
            return new Taken(batch.size(), added.size());
        });
    }

    /** One line; why it is no match is thrown. */
    Match read(String text, Instant now) throws NoMatchException {
        try {
            Line line = reader.readValue(text);
            String why = line == null ? "it is null" : line.wrong();
            if (why != null) {
                throw new NoMatchException(why);
            }
            return line.match(now, text);
        } catch (JacksonException e) {
            throw new NoMatchException(e.getOriginalMessage().split("\\R", 2)[0]);
        }
    }

    /** One line as bytes. */
    Match read(byte[] line, Instant now) throws NoMatchException {
        if (line == null || line.length > Lines.BYTES) {
            throw new NoMatchException(line == null ? "it is empty" : "it is longer than " + Lines.BYTES + " bytes");
        }
        try {
            return read(Lines.text(line), now);
        } catch (CharacterCodingException e) {
            throw new NoMatchException("it is no UTF-8");
        }
    }

    private Map<String, Match> read(InputStream lines) throws IOException {
        Instant now = clock.instant();
        Map<String, Match> batch = new HashMap<>();
        List<FieldProblem> problems = new ArrayList<>();
        Lines.read(lines, (number, text, wrong) -> {
            String why = wrong;
            if (why == null) {
                try {
                    Match match = read(text, now);
                    batch.putIfAbsent(match.matchId(), match);
                } catch (NoMatchException e) {
                    why = e.getMessage();
                }
            }
            if (why != null) {
                problems.add(new FieldProblem("line " + number, why));
            }
            return problems.size() < SHOWN;
        });
        if (!problems.isEmpty()) {
            FieldProblem first = problems.get(0);
            throw new ProblemException(
                    ProblemCode.DATA_REFUSED,
                    first.path() + ": " + first.reason() + ". None of the batch was taken: send matches as the engine"
                            + " writes them, one a line.",
                    problems);
        }
        return batch;
    }

    /** What is older than is kept goes, some at a time, so that nothing waits long for the table. */
    @Scheduled(fixedDelay = 60_000, initialDelay = 30_000)
    void forget() {
        Instant before = clock.instant().minus(properties.matches().keep());
        // Ids grow as matches come: the oldest are the first.
        Long last = matches.lastOfOldest(before, FORGOTTEN_AT_ONCE);
        while (last != null && matches.forget(before, last) > 0) {
            Thread.yield();
            last = matches.lastOfOldest(before, FORGOTTEN_AT_ONCE);
        }
        matches.forgetRates(before);
    }

    /** Why a line is no match. */
    static final class NoMatchException extends Exception {
        private static final long serialVersionUID = 1;

        NoMatchException(String why) {
            super(why);
        }
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
