package io.alcedo.admin.user;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.natives.Extractor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Events on their way into the embedded store; the engine reads whose they are and when they were. */
@Service
class EventIntake {
    private static final int ROWS = 500;

    private final EventMapper events;
    private final TransactionTemplate transaction;
    private final AdminProperties properties;

    EventIntake(EventMapper events, TransactionTemplate transaction, AdminProperties properties) {
        this.events = events;
        this.transaction = transaction;
        this.properties = properties;
    }

    /** Lines with an event each. What cannot be read is counted and left out, as a job would; the same again is no other. */
    Taken take(String lines) {
        List<FieldProblem> bad = new ArrayList<>();
        Map<String, EventMapper.Row> batch = read(lines, bad);
        try {
            Integer added = transaction.execute(status -> write(batch));
            return new Taken(batch.size(), added == null ? 0 : added, bad);
        } catch (DuplicateKeyException | PessimisticLockingFailureException e) {
            throw new ProblemException(ProblemCode.BUSY, "The same events come in several requests: send these again.")
                    .retryAfter(Duration.ofSeconds(1));
        }
    }

    private int write(Map<String, EventMapper.Row> batch) {
        List<String> hashes = List.copyOf(batch.keySet());
        Set<String> known = new HashSet<>();
        for (int i = 0; i < hashes.size(); i += ROWS) {
            known.addAll(events.known(hashes.subList(i, Math.min(hashes.size(), i + ROWS))));
        }
        List<EventMapper.Row> added = batch.values().stream()
                .filter(row -> !known.contains(row.eventHash()))
                .toList();
        for (int i = 0; i < added.size(); i += ROWS) {
            events.insertAll(added.subList(i, Math.min(added.size(), i + ROWS)));
        }
        return added.size();
    }

    private Map<String, EventMapper.Row> read(String lines, List<FieldProblem> bad) {
        Map<String, EventMapper.Row> batch = new TreeMap<>();
        String mapping = properties.events().mapping();
        try (Extractor extractor = Extractor.open(mapping.isBlank() ? null : mapping, null)) {
            int number = 0;
            for (String text : lines.split("\n")) {
                number++;
                byte[] raw = text.strip().getBytes(StandardCharsets.UTF_8);
                switch (extractor.extract(raw, Extractor.NO_BROKER_TIME)) {
                    case EVENT:
                        add(batch, extractor.user(), extractor.time(), raw);
                        break;
                    case BAD:
                        if (bad.size() < 20) {
                            bad.add(new FieldProblem("line " + number, extractor.reason()));
                        }
                        break;
                    default:
                }
            }
        }
        return batch;
    }

    private static void add(Map<String, EventMapper.Row> batch, String user, long time, byte[] raw) {
        MessageDigest digest = sha256();
        digest.update((user + "\n" + time + "\n").getBytes(StandardCharsets.UTF_8));
        String hash = HexFormat.of().formatHex(digest.digest(raw), 0, 16);
        int bucket = Math.floorMod(
                HexFormat.fromHexDigits(
                        HexFormat.of().formatHex(sha256().digest(user.getBytes(StandardCharsets.UTF_8)), 0, 4)),
                EmbeddedEventStore.BUCKETS);
        batch.put(
                hash,
                new EventMapper.Row(
                        hash, user, Instant.ofEpochMilli(time), bucket, new String(raw, StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** The oldest go: beyond an age, counted from the latest that came, and beyond a number. */
    @Scheduled(fixedDelay = 60_000, initialDelay = 45_000)
    void forget() {
        EventStore.Extent now = events.extent();
        if (now.events() == 0) {
            return;
        }
        Instant before = now.to().minus(properties.events().keep());
        if (now.events() > properties.events().most()) {
            Instant oldest = events.momentOf(properties.events().most());
            before = oldest != null && oldest.isAfter(before) ? oldest.plusMillis(1) : before;
        }
        while (events.forget(before, 5_000) == 5_000) {
            Thread.yield();
        }
    }

    /**
     * What became of a batch.
     *
     * @param events that could be read
     * @param added that were not known
     * @param bad the first 20 lines that cannot be read, with the engine's reason
     */
    record Taken(int events, int added, List<FieldProblem> bad) {}
}
