package io.alcedo.admin.match;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Matches from a topic, if one is named: the same intake as by HTTP. Offsets are committed after the matches are, so what
 * is read twice, because something died between the two, is known by its id. Whatever fails, the consumer is made anew and
 * goes on behind the last commit.
 */
@Component
@ConditionalOnExpression(
        "!'${alcedo.kafka.bootstrap-servers:}'.isBlank() and !'${alcedo.kafka.matches-topic:}'.isBlank()")
class MatchTopic implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(MatchTopic.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 5_000;
    private static final long BUSY_MILLIS = 500;
    /** Within what a consumer may take between two polls. */
    private static final int TRIES = 120;

    private static final long STOP_MILLIS = 20_000;
    /** Of one transaction. */
    private static final int RECORDS = 5_000;
    /** Of one fetch: all that is in memory. */
    private static final int FETCH_BYTES = 16 << 20;

    private final MatchIntake intake;
    private final AdminProperties.Kafka kafka;
    private final Clock clock;
    private final Counter unreadable;
    private final Object stopped = new Object();
    private boolean running;
    private Thread thread;

    MatchTopic(MatchIntake intake, AdminProperties properties, Clock clock, MeterRegistry meters) {
        this.intake = intake;
        this.kafka = properties.kafka();
        this.clock = clock;
        unreadable = meters.counter("alcedo.matches.unreadable");
    }

    private void run() {
        String lastTrouble = "";
        while (isRunning()) {
            try (KafkaConsumer<byte[], byte[]> mine = open()) {
                while (isRunning()) {
                    ConsumerRecords<byte[], byte[]> records = mine.poll(POLL);
                    if (!records.isEmpty()) {
                        keep(records);
                        mine.commitSync();
                        lastTrouble = "";
                    }
                }
            } catch (RuntimeException e) {
                Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
                String trouble = cause.getClass().getSimpleName() + ": " + cause.getMessage();
                if (!trouble.equals(lastTrouble)) {
                    lastTrouble = trouble;
                    LOG.warn("Matches wait in topic {}: {}", kafka.matchesTopic(), trouble);
                }
                pause(PAUSE_MILLIS);
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        KafkaConsumer<byte[], byte[]> made = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "alcedo-admin-matches",
                        ConsumerConfig.GROUP_ID_CONFIG,
                        kafka.matchesGroup(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        // Jobs that deliver exactly once write in transactions.
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        RECORDS,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        FETCH_BYTES),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        made.subscribe(List.of(kafka.matchesTopic()));
        return made;
    }

    /** What is no match is counted and passed over: it would stand in the way of all that come after it. */
    private void keep(ConsumerRecords<byte[], byte[]> records) {
        Instant now = clock.instant();
        List<Match> batch = new ArrayList<>(records.count());
        ConsumerRecord<byte[], byte[]> bad = null;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                batch.add(intake.read(record.value(), now));
            } catch (MatchIntake.NoMatchException e) {
                bad = record;
            }
        }
        int passedOver = records.count() - batch.size();
        if (bad != null) {
            LOG.warn(
                    "{} records are no matches and are passed over, the last at offset {} of partition {} of topic {}",
                    passedOver,
                    bad.offset(),
                    bad.partition(),
                    bad.topic());
        }
        write(batch);
        unreadable.increment(passedOver);
    }

    /** Where those who bring matches by HTTP are told to come again, it waits in their line. */
    private void write(List<Match> batch) {
        for (int i = 1; ; i++) {
            try {
                intake.keep(batch).join();
                return;
            } catch (ProblemException e) {
                if (e.code() != ProblemCode.BUSY || i == TRIES || !isRunning()) {
                    throw e;
                }
                pause(BUSY_MILLIS);
            }
        }
    }

    private void pause(long millis) {
        synchronized (stopped) {
            try {
                if (running) {
                    stopped.wait(millis);
                }
            } catch (InterruptedException e) {
                LOG.debug("a pause was cut short");
            }
        }
    }

    @Override
    public void start() {
        synchronized (stopped) {
            running = true;
            thread = new Thread(this::run, "matches-from-kafka");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** What was read is written and committed first. */
    @Override
    public void stop() {
        Thread last;
        synchronized (stopped) {
            running = false;
            last = thread;
            stopped.notifyAll();
        }
        try {
            last.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        synchronized (stopped) {
            return running;
        }
    }

    /** Stopped before the writer, which it hands to. */
    @Override
    public int getPhase() {
        return 1;
    }
}
