package io.alcedo.flink;

import io.alcedo.natives.AlcedoException;
import io.alcedo.natives.RuleBook;
import io.alcedo.natives.RuleUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules that one subtask judges by: the engine's book of them, and the audiences that they name. Broadcast state
 * keeps the book; audiences are loaded again, because their members may be hundreds of megabytes.
 */
final class RulesInForce implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RulesInForce.class);

    /** One for each audience, as good as: two that meet in one wait for each other. */
    private static final Object[] LOADS = Stream.generate(Object::new).limit(64).toArray();

    private static final String NOTHING_BECAME_OF_RULES = "[]";

    private final LogLimit log = new LogLimit(20);
    private final RuleBook book;
    private final AudienceSource audiences;
    private final Map<String, String> loaded = new HashMap<>();
    private final RuleStatusLines statuses;
    private final boolean mayBeEmpty;
    private long epoch;
    private List<String> running = List.of();

    private RulesInForce(RuleBook book, AudienceSource audiences, AlcedoOptions options, int subtask, int subtasks) {
        this.book = book;
        this.audiences = audiences;
        mayBeEmpty = options.rulesMayBeEmpty;
        statuses = new RuleStatusLines(subtask, subtasks);
    }

    /**
     * The rules of a restored job, with the audiences of all that runs. A rule that waits for its audience waits on: it
     * is no reason to hold up the others.
     *
     * @param stored what {@link #encode} gave
     * @param watermark the last one seen before, Unix ms
     */
    static RulesInForce restore(
            byte[] stored, long watermark, AudienceSource audiences, AlcedoOptions options, int subtask, int subtasks)
            throws InterruptedException {
        RulesInForce rules =
                new RulesInForce(RuleBook.open(stored, options.maxUserBytes), audiences, options, subtask, subtasks);
        try {
            String[] merged = new String[1];
            Patience.wait(
                    options.audiencesTimeout,
                    () -> {
                        rules.refreshAudiences();
                        // The book compiles with its audiences at an update, be it an empty one.
                        merged[0] = rules.book.apply(new RuleUpdate(false, watermark));
                        return rules.book.hash().isEmpty() ? rules.missingAudience() : null;
                    },
                    "Alcedo: the rules of the restored job name an audience that cannot be had",
                    "put it there, or restore with a longer audiences timeout");
            rules.merged(merged[0], NOTHING_BECAME_OF_RULES);
            if (rules.book.hash().isEmpty()) {
                // Nothing compiled: to run on without rules would lose what users have counted.
                throw new IllegalStateException("Alcedo: the rules of the restored job do not compile any more: "
                        + rules.statuses.text()
                        + "; run the version that wrote the savepoint, or mend these rules there first");
            }
            return rules;
        } catch (InterruptedException | RuntimeException e) {
            rules.close();
            throw e;
        }
    }

    /** The first complete set, read before any event is judged. */
    static RulesInForce first(
            RuleSource source, AudienceSource audiences, AlcedoOptions options, int subtask, int subtasks)
            throws InterruptedException {
        RulesUpdate[] set = new RulesUpdate[1];
        try {
            Patience.wait(
                    options.rulesTimeout,
                    () -> {
                        set[0] = source.read();
                        return null;
                    },
                    "Alcedo: the first set of rules cannot be read from " + source.describe(),
                    "make the place readable for every TaskManager, or set a longer rules timeout");
        } finally {
            source.close(); // from here on the watcher reads
        }
        if (set[0].size() == 0) {
            LOG.warn("There is no rule in {}: nothing can match until one comes.", source.describe());
        }
        RulesInForce rules =
                new RulesInForce(RuleBook.open(null, options.maxUserBytes), audiences, options, subtask, subtasks);
        try {
            rules.apply(set[0], RuleUpdate.AT_START);
            return rules;
        } catch (RuntimeException e) {
            rules.close();
            throw e;
        }
    }

    /** Null when every audience that the rules name is loaded, else what is missing, in words. */
    private String missingAudience() {
        String missing = book.audiences().stream()
                .filter(id -> !loaded.containsKey(id))
                .map(id -> "\"" + id + "\"")
                .collect(Collectors.joining(", "));
        return missing.isEmpty() ? null : "not in " + audiences.describe() + ": " + missing;
    }

    /** Merges an update that takes effect at {@code watermark}, Unix ms ({@code Long.MIN_VALUE}: at the start). */
    void apply(RulesUpdate update, long watermark) {
        if (update.complete() && update.size() == 0 && !running.isEmpty() && !mayBeEmpty) {
            // What an unmounted share or an empty topic looks like must not stop every rule of a shop.
            log.tell(more -> LOG.warn(
                    "The set of rules has become empty while {} rules run; they run on. Stop a rule by a revision with"
                            + " the status stopped, or let the set be empty by an option.{}",
                    running.size(),
                    more));
            return;
        }
        refreshAudiencesOrWarn();
        String merged = book.apply(update.at(watermark));
        // Rules that are new may name audiences that no rule named before: with them there, what waits is tried again.
        String retried =
                refreshAudiencesOrWarn() ? book.apply(new RuleUpdate(false, watermark)) : NOTHING_BECAME_OF_RULES;
        merged(merged, retried);
    }

    private void merged(String merged, String retried) {
        epoch++;
        running = RuleStatusLines.running(book.info());
        statuses.note(merged, retried, book.hash());
    }

    private boolean refreshAudiencesOrWarn() {
        try {
            return refreshAudiences();
        } catch (IOException e) {
            log.tell(more -> LOG.warn(
                    "Cannot read {}; the audiences that are loaded stay in force.{}", audiences.describe(), more, e));
            return false;
        }
    }

    /** Loads what is new or has changed; whether there was any. */
    private boolean refreshAudiences() throws IOException {
        boolean some = false;
        for (String id : book.audiences()) {
            // The version first: what changes while it is read is read again.
            String version = audiences.version(id);
            if (!version.isEmpty() && !version.equals(loaded.get(id)) && load(id, version)) {
                loaded.put(id, version);
                some = true;
            }
        }
        return some;
    }

    private boolean load(String id, String version) throws IOException {
        String place = audiences.place();
        if (place == null) {
            return read(id, "");
        }
        String name = place + '\n' + id + '\n' + version;
        // One subtask of the process reads; the others wait here and share what it has.
        synchronized (LOADS[Math.floorMod(name.hashCode(), LOADS.length)]) {
            return book.share(id, name) || read(id, name);
        }
    }

    private boolean read(String id, String name) throws IOException {
        try (InputStream members = audiences.load(id)) {
            if (members == null) {
                return false;
            }
            book.audience(id, name, members);
            return true;
        } catch (AlcedoException e) {
            // A restored job that waits for this audience tries it five times a second.
            log.tell(more -> LOG.warn(
                    "Audience {} in {} cannot be used, it counts as not there: {}{}",
                    id,
                    audiences.describe(),
                    e.getMessage(),
                    more));
            return false;
        }
    }

    /** Tells what became of rules since it was last asked. */
    void tell(Outputs outputs) {
        statuses.drain(outputs::ruleStatus);
    }

    /** Tells that this subtask is there; {@code interval}: until it is told again, ms. */
    void heartbeat(Outputs outputs, long interval) {
        tell(outputs); // what it judges by now is told of each rule first
        outputs.ruleStatus(statuses.heartbeat(interval));
    }

    /** For the engine. */
    RuleBook book() {
        return book;
    }

    /** For broadcast state. */
    byte[] encode() {
        return book.encode();
    }

    /** Rules that judge, in the order of their ids. */
    List<String> running() {
        return running;
    }

    /** Updates that were merged since the subtask began. */
    long epoch() {
        return epoch;
    }

    @Override
    public void close() {
        book.close();
    }
}
