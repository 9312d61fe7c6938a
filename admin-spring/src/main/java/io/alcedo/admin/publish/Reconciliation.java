package io.alcedo.admin.publish;

import io.alcedo.admin.AdminProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Compares, again and again, what jobs judge by with what is published. A job that fetches over HTTP gets the complete
 * set at every change and repairs itself; on a topic, rows that a job does not have are sent once more.
 */
@Component
class Reconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

    private final Acknowledgements acknowledgements;
    private final PublicationMapper publications;
    private final OutboxMapper outbox;
    private final RulesSignal signal;
    private final AdminProperties properties;
    private final Clock clock;
    private final AtomicInteger outOfStep = new AtomicInteger();
    private List<String> before = List.of();

    Reconciliation(
            Acknowledgements acknowledgements,
            PublicationMapper publications,
            OutboxMapper outbox,
            RulesSignal signal,
            AdminProperties properties,
            Clock clock,
            MeterRegistry meters) {
        this.acknowledgements = acknowledgements;
        this.publications = publications;
        this.outbox = outbox;
        this.signal = signal;
        this.properties = properties;
        this.clock = clock;
        meters.gauge("alcedo.jobs.out.of.step", outOfStep);
    }

    /** Two looks in a row must agree: what was published a moment ago is still on its way. */
    @Scheduled(fixedDelayString = "${alcedo.engine.reconcile:1m}", initialDelayString = "${alcedo.engine.reconcile:1m}")
    @Transactional
    public void look() {
        List<String> now = acknowledgements.jobs().stream()
                .filter(Acknowledgements.Job::outOfStep)
                .map(Acknowledgements.Job::job)
                .toList();
        outOfStep.set(now.size());
        if (!now.isEmpty() && now.equals(before)) {
            int again = repair();
            LOG.warn("Jobs {} judge by other rules than are published; {} revisions are sent once more", now, again);
        }
        before = now;
    }

    /**
     * Leaves out of the complete set what was stopped and is known to be by all that judge: what a set lacks is stopped
     * anyway, also for a job that comes later or comes back. One stays where the set would become empty, because a set
     * without any rule stops nothing.
     */
    @Scheduled(fixedDelayString = "${alcedo.engine.reconcile:1m}", initialDelayString = "${alcedo.engine.reconcile:1m}")
    @Transactional
    public void settle() {
        List<OutboxRow> set = publications.completeSet();
        int stay = set.size();
        for (OutboxRow row : set) {
            if (stay > 1 && row.status().equals("stopped") && isKnownToAll(row)) {
                int settled = publications.settle(row.ruleId(), row.id(), clock.instant());
                stay -= settled;
                if (settled > 0) {
                    outbox.sendAgainEverywhere(row.id(), clock.instant());
                }
            }
        }
        if (stay < set.size()) {
            LOG.info("{} stopped rules are left out of the set, all jobs know", set.size() - stay);
            signal.afterCommit();
        }
    }

    private boolean isKnownToAll(OutboxRow row) {
        List<Acknowledgements.JobDelivery> jobs =
                acknowledgements.of(row.ruleId()).jobs();
        return !jobs.isEmpty() && jobs.stream().allMatch(job -> job.there() == job.subtasks());
    }

    private int repair() {
        String channel = KafkaRules.channel(properties.kafka().rulesTopic());
        int again = 0;
        for (OutboxRow row : publications.completeSet()) {
            boolean lacking =
                    acknowledgements.of(row.ruleId()).jobs().stream().anyMatch(Acknowledgements.JobDelivery::lacks);
            again += lacking ? outbox.sendAgain(channel, row.id(), clock.instant()) : 0;
        }
        signal.afterCommit();
        return again;
    }
}
