package io.alcedo.admin.user;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.intake.GroupCommit;
import io.alcedo.admin.intake.Lines;
import io.alcedo.natives.Extractor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Events on their way into the embedded store; the engine reads whose they are and when they were. */
@Service
class EventIntake {
    private static final int SHOWN = 20;

    private final GroupCommit<EventMapper.Row> writer;
    private final EventMapper events;
    private final AdminProperties properties;

    EventIntake(GroupCommit<EventMapper.Row> writer, EventMapper events, AdminProperties properties) {
        this.writer = writer;
        this.events = events;
        this.properties = properties;
    }

    /**
     * Lines with an event each. What cannot be read is counted and left out, as a job would; the same again is no other.
     * The answer comes after the commit.
     */
    CompletableFuture<Taken> take(InputStream lines) throws IOException {
        List<FieldProblem> bad = new ArrayList<>();
        Map<String, EventMapper.Row> batch = read(lines, bad);
        return writer.take(batch).thenApply(added -> new Taken(batch.size(), added.size(), bad));
    }

    private Map<String, EventMapper.Row> read(InputStream lines, List<FieldProblem> bad) throws IOException {
        Map<String, EventMapper.Row> batch = new HashMap<>();
        String mapping = properties.events().mapping();
        try (Extractor extractor = Extractor.open(mapping.isBlank() ? null : mapping, null)) {
            Lines.read(lines, (number, text, wrong) -> {
                String why = wrong == null ? add(batch, extractor, text) : wrong;
                if (why != null && bad.size() < SHOWN) {
                    bad.add(new FieldProblem("line " + number, why));
                }
                return true;
            });
        }
        return batch;
    }

    /** Why the line is no event; null: it is one, or it is of a kind that is passed over. */
    private static String add(Map<String, EventMapper.Row> batch, Extractor extractor, String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        switch (extractor.extract(raw, Extractor.NO_BROKER_TIME)) {
            case EVENT:
                add(batch, extractor.user(), extractor.time(), raw);
                return null;
            case BAD:
                return extractor.reason();
            default:
                return null;
        }
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
            Instant oldest = events.momentOf(now.events() - properties.events().most() - 1);
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
