package io.alcedo.admin.publish;

import io.alcedo.admin.AdminProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Brings the outbox to Kafka in a thread of its own, if brokers are named. A broker that is away is tried again. */
@Component
@ConditionalOnExpression("!'${alcedo.kafka.bootstrap-servers:}'.isBlank()")
class KafkaDelivery implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaDelivery.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final AdminProperties properties;
    private final OutboxMapper outbox;
    private final PublicationMapper publications;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Counter repaired;
    private final Semaphore signals = new Semaphore(0);
    private volatile Thread thread;
    private String lastTrouble = "";

    KafkaDelivery(
            AdminProperties properties,
            OutboxMapper outbox,
            PublicationMapper publications,
            TransactionTemplate transaction,
            RulesSignal signal,
            Clock clock,
            MeterRegistry meters) {
        this.properties = properties;
        this.outbox = outbox;
        this.publications = publications;
        this.transaction = transaction;
        this.clock = clock;
        repaired = meters.counter("alcedo.topic.repaired");
        signal.listen(signals::release);
    }

    @Override
    public void start() {
        thread = new Thread(this::run, "rules-to-kafka");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (thread != null) {
                untilItBreaks();
                pause(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        }
    }

    /** With one producer: one that failed may be beyond help, and one cannot be made while no broker's name is known. */
    private void untilItBreaks() throws InterruptedException {
        AdminProperties.Kafka kafka = properties.kafka();
        try (KafkaRules rules = new KafkaRules(kafka.bootstrapServers(), kafka.rulesTopic())) {
            OutboxRelay relay = new OutboxRelay(outbox, publications, transaction, rules, clock);
            TopicCheck topic = new TopicCheck(kafka.bootstrapServers(), kafka.rulesTopic(), outbox, transaction, clock);
            long checked = System.nanoTime() - properties.engine().reconcile().toNanos();
            while (thread != null && deliver(relay)) {
                if (System.nanoTime() - checked
                        >= properties.engine().reconcile().toNanos()) {
                    check(topic);
                    checked = System.nanoTime();
                } else {
                    pause(properties.engine().poll());
                }
            }
        } catch (RuntimeException e) {
            trouble(e);
        }
    }

    private void pause(Duration longest) throws InterruptedException {
        if (signals.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            signals.drainPermits();
        }
    }

    private boolean deliver(OutboxRelay relay) {
        try {
            int rows = relay.deliver();
            if (rows > 0) {
                LOG.info("{} revisions went to Kafka", rows);
            }
            lastTrouble = "";
            return true;
        } catch (RuleSender.SendException | DataAccessException | TransactionException e) {
            trouble(e);
            return false;
        }
    }

    /** What lacks goes out at the next round. A topic that may be written but not read is told of, and served. */
    private void check(TopicCheck topic) {
        try {
            int lacking = topic.check();
            if (lacking > 0) {
                repaired.increment(lacking);
                LOG.warn(
                        "{} rules were not on the topic as they were delivered; they are sent once more. Somebody else"
                                + " writes to it, or it is not compacted and forgets",
                        lacking);
            }
        } catch (RuleSender.SendException | KafkaException | DataAccessException | TransactionException e) {
            LOG.warn("Whether the topic of rules holds what was delivered cannot be seen: {}", e.getMessage());
        }
    }

    private void trouble(RuntimeException e) {
        if (!String.valueOf(e.getMessage()).equals(lastTrouble)) {
            lastTrouble = String.valueOf(e.getMessage());
            LOG.warn("Published rules wait in the outbox: {}", lastTrouble);
        }
    }

    @Override
    public void stop() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
