package io.alcedo.admin.publish;

import io.alcedo.admin.AdminProperties;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * The complete set as jobs read it, and those who wait for another one. A waiting request holds no thread; it is woken
 * by a commit of this instance, or by the next look at the database.
 */
@Component
class PublishedRules implements SmartLifecycle {
    private final PublicationMapper publications;
    private final OutboxMapper outbox;
    private final TaskScheduler scheduler;
    private final Duration poll;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

    private volatile Snapshot last;
    private volatile boolean running;

    PublishedRules(
            PublicationMapper publications,
            OutboxMapper outbox,
            RulesSignal signal,
            TaskScheduler scheduler,
            AdminProperties properties) {
        this.publications = publications;
        this.outbox = outbox;
        this.scheduler = scheduler;
        this.poll = properties.engine().poll();
        signal.listen(this::wake);
    }

    /** Answers at once if the set differs from the known one; else when it does, or 304 when the wait is over. */
    DeferredResult<ResponseEntity<byte[]>> answer(String known, int seconds) {
        Snapshot now = look();
        DeferredResult<ResponseEntity<byte[]>> result = new DeferredResult<>(seconds * 1000L, () -> unchanged(look()));
        if (!now.etag().equals(known)) {
            result.setResult(whole(now));
        } else if (seconds == 0 || !running) {
            result.setResult(unchanged(now));
        } else {
            Waiting one = new Waiting(known, result);
            result.onCompletion(() -> waiting.remove(one));
            waiting.add(one);
            // What was committed between the look and the entry has signalled to nobody.
            wake();
        }
        return result;
    }

    /** The set as it is; built again only when a row came. */
    synchronized Snapshot look() {
        String mark = outbox.mark();
        if (last == null || !last.mark().equals(mark)) {
            List<OutboxRow> rows = publications.completeSet();
            String body = rows.stream().map(OutboxRow::rule).collect(Collectors.joining(",\n", "[", "]"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            last = new Snapshot(mark, '"' + sha256(bytes) + '"', bytes);
        }
        return last;
    }

    private void wake() {
        if (waiting.isEmpty()) {
            return;
        }
        Snapshot now = look();
        for (Waiting one : waiting) {
            if (!now.etag().equals(one.known())) {
                one.result().setResult(whole(now));
            }
        }
    }

    private static ResponseEntity<byte[]> whole(Snapshot set) {
        return ResponseEntity.ok()
                .header("ETag", set.etag())
                .contentType(MediaType.APPLICATION_JSON)
                .body(set.body());
    }

    private static ResponseEntity<byte[]> unchanged(Snapshot set) {
        return ResponseEntity.status(HttpStatus.NOT_MODIFIED)
                .header("ETag", set.etag())
                .build();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    @Override
    public void start() {
        running = true;
        scheduler.scheduleWithFixedDelay(this::wake, poll);
    }

    /** Lets those who wait go, so that a stop does not wait for them. */
    @Override
    public void stop() {
        running = false;
        for (Waiting one : waiting) {
            one.result().setResult(unchanged(look()));
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server, which waits for requests that run. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    /**
     * The set at one moment.
     *
     * @param mark of the outbox that it was built from
     */
    record Snapshot(String mark, String etag, byte[] body) {}

    private record Waiting(String known, DeferredResult<ResponseEntity<byte[]>> result) {}
}
