package io.alcedo.flink;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * Looks at the rules again and again, and sends the whole set whenever it or an audience changed.
 *
 * <p>An operator behind the events, none of which reach it, and not a source of its own: a source would not end with a
 * bounded input, and the job would run for ever. It has no state: after a restart it sends the whole set once, and the
 * operators drop what they have.
 *
 * <p>A thread of its own looks, because a slow mount must not hold up a barrier; the mailbox only picks up.
 */
final class RulesWatcher extends AbstractStreamOperator<RulesUpdate>
        implements OneInputStreamOperator<Ingest, RulesUpdate> {
    private static final long serialVersionUID = 1;

    private final RuleSource rules;
    private final AudienceSource audiences;
    private final Duration interval;

    private transient ConcurrentLinkedQueue<RulesUpdate> seen;
    private transient ScheduledExecutorService looking;

    RulesWatcher(RuleSource rules, AudienceSource audiences, Duration interval) {
        this.rules = rules;
        this.audiences = audiences;
        this.interval = interval;
    }

    @Override
    public void open() throws Exception {
        super.open();
        seen = new ConcurrentLinkedQueue<>();
        looking = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "alcedo-rules-watcher");
            thread.setDaemon(true);
            return thread;
        });
        long millis = interval.toMillis();
        RulesLook look = new RulesLook(rules, audiences, seen::add);
        getMetricGroup().addGroup("alcedo").counter("failedLooks", look.failed());
        looking.scheduleWithFixedDelay(look, 0, millis, TimeUnit.MILLISECONDS);
        pickUpLater();
    }

    private void pickUpLater() {
        ProcessingTimeService time = getProcessingTimeService();
        long wait = Math.min(interval.toMillis(), 100);
        time.registerTimer(time.getCurrentProcessingTime() + wait, now -> {
            pickUp();
            pickUpLater();
        });
    }

    private void pickUp() {
        for (RulesUpdate update = seen.poll(); update != null; update = seen.poll()) {
            output.collect(new StreamRecord<>(update));
        }
    }

    @Override
    public void processElement(StreamRecord<Ingest> event) {
        // none comes: the watcher only ends when the events do
    }

    @Override
    public void processWatermark(Watermark mark) {
        // rules have no event time
    }

    @Override
    public void close() throws Exception {
        if (looking != null) {
            looking.shutdownNow();
            // The thread that reads is the one that owns a connection: let it end before that is closed.
            looking.awaitTermination(5, TimeUnit.SECONDS);
        }
        rules.close();
        super.close();
    }
}
