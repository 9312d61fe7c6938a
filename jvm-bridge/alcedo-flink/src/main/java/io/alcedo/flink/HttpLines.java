package io.alcedo.flink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records to an HTTP address: each request has some of them, one JSON object a line ({@code application/x-ndjson}).
 *
 * <p>At least once: before a checkpoint all that came is sent, and what was sent since the last one comes again after a
 * failure. The receiver of matches drops what it has seen by {@code match_id}, which is the same in every replay. A request that
 * fails for now (no connection, 408, 425, 429, 5xx) is made again, ever more slowly, and holds the stream back
 * meanwhile; so a receiver that is away costs no memory and loses nothing. Any other answer, or too long an absence,
 * fails the job.
 *
 * <p>Records that {@link #mayBeLost may be lost} hold nothing back: each is tried once, in another thread, and while one
 * is under way those that come after it are dropped.
 */
public final class HttpLines<T> implements Sink<T> {
    private static final long serialVersionUID = 1;

    private static final int BATCH_RECORDS = 500;
    private static final int BATCH_BYTES = 1 << 20;

    private final String what;
    private final Line<T> line;
    private final HttpAddress address;
    private Duration linger = Duration.ofMillis(100);
    private Duration patience = Duration.ofMinutes(10);
    private Kind<T> losable = record -> false;

    /** A record as a line, without its end. */
    public interface Line<T> extends Serializable {
        /** JSON as UTF-8. */
        byte[] of(T record);
    }

    /** Tells records of one kind. */
    public interface Kind<T> extends Serializable {
        /** Whether it is one. */
        boolean is(T record);
    }

    /**
     * Records to this address.
     *
     * @param what they are, in messages: {@code matches}
     * @param tokenFile file whose content goes along as a bearer token, read at every request; null: none
     */
    public HttpLines(String what, String url, String tokenFile, Line<T> line) {
        this.what = what;
        this.line = line;
        address = new HttpAddress("the address of " + what, url, tokenFile);
    }

    /** How long a record may wait for others; default 100 ms. */
    public HttpLines<T> linger(Duration value) {
        linger = value;
        return this;
    }

    /** How long a receiver may be away before the job fails; default 10 min. */
    public HttpLines<T> patience(Duration value) {
        patience = value;
        return this;
    }

    /** Records that nobody misses, because the next one says the same; default none. */
    public HttpLines<T> mayBeLost(Kind<T> value) {
        losable = value;
        return this;
    }

    // The older method of 1.20's interface has no counterpart in 2.x; 1.20 calls this one where it is there.
    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new Writer(
                context.getProcessingTimeService(), context.metricGroup().getNumRecordsSendCounter());
    }

    private final class Writer implements SinkWriter<T> {
        private final Logger log = LoggerFactory.getLogger(HttpLines.class);
        private final ProcessingTimeService time;
        private final Counter sent;
        private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
        private int records;
        private boolean armed;
        private final LogLimit warnings = new LogLimit(10);
        private ExecutorService aside;
        private Future<?> losing = CompletableFuture.completedFuture(null);

        Writer(ProcessingTimeService time, Counter sent) {
            this.time = time;
            this.sent = sent;
        }

        @Override
        public void write(T record, Context context) throws IOException, InterruptedException {
            if (losable.is(record)) {
                sendAside(line.of(record));
                return;
            }
            batch.writeBytes(line.of(record));
            batch.write('\n');
            records++;
            if (records >= BATCH_RECORDS || batch.size() >= BATCH_BYTES) {
                flush(false);
            } else if (!armed) {
                armed = true;
                time.registerTimer(time.getCurrentProcessingTime() + linger.toMillis(), now -> {
                    armed = false;
                    flush(false);
                });
            }
        }

        @Override
        public void flush(boolean end) throws IOException, InterruptedException {
            if (records == 0) {
                return;
            }
            awaitAside();
            byte[] body = batch.toByteArray();
            sendUntilTaken(body);
            sent.inc(records);
            batch.reset();
            records = 0;
        }

        /** Behind what waits here, it may be newer than that: then it is not sent. */
        private void sendAside(byte[] body) {
            if (records > 0 || !losing.isDone()) {
                return;
            }
            if (aside == null) {
                aside = Executors.newSingleThreadExecutor(work -> {
                    Thread thread = new Thread(work, what + "-aside");
                    thread.setDaemon(true);
                    return thread;
                });
            }
            losing = aside.submit(() -> {
                try {
                    IOException trouble = send(body);
                    if (trouble != null) {
                        throw trouble;
                    }
                } catch (IOException e) {
                    warnings.tell(more -> log.warn("One of {} is not taken and dropped: {}{}", what, e, more));
                }
            });
        }

        /** What is under way arrives first: the receiver keeps what it heard last. It takes no longer than its timeouts. */
        private void awaitAside() throws IOException, InterruptedException {
            try {
                losing.get();
            } catch (ExecutionException e) {
                throw new IOException("cannot send " + what, e.getCause());
            }
        }

        private void sendUntilTaken(byte[] body) throws IOException, InterruptedException {
            long since = System.nanoTime();
            long pause = 100;
            for (int attempt = 1; ; attempt++) {
                IOException trouble = send(body);
                if (trouble == null) {
                    return;
                }
                if (System.nanoTime() - since > patience.toNanos()) {
                    throw new IOException(
                            what + " were not taken for " + patience + ", the job restarts from its last"
                                    + " checkpoint: " + trouble.getMessage(),
                            trouble);
                }
                if (attempt == 1) {
                    warnings.tell(more -> log.warn(
                            "Of {} none are taken, the stream waits for the receiver: {}{}", what, trouble, more));
                }
                Thread.sleep(pause);
                pause = Math.min(pause * 2, 5_000);
            }
        }

        /** Null if the receiver took them; else what is wrong for now. */
        private IOException send(byte[] body) throws IOException {
            HttpURLConnection connection = address.open();
            int status;
            try {
                connection.setRequestMethod("POST");
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/x-ndjson");
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body);
                }
                status = connection.getResponseCode();
                if (status >= 200 && status < 300) {
                    drain(connection);
                    return null;
                }
            } catch (IOException e) {
                connection.disconnect();
                return e;
            }
            IOException refusal = address.refusal(connection, status);
            if (status == 408 || status == 425 || status == 429 || status >= 500) {
                return refusal;
            }
            throw refusal;
        }

        /** An answer that is read whole lets the connection be used again. */
        private void drain(HttpURLConnection connection) throws IOException {
            try (InputStream in = connection.getInputStream()) {
                in.readNBytes(1 << 16);
            }
        }

        @Override
        public void close() {
            // what was not flushed is behind the last checkpoint, and comes again
            if (aside != null) {
                aside.shutdownNow();
            }
        }
    }
}
