import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Load for the service, and the bare loop it is held against. Prints one JSON object.
 *
 * <ul>
 *   <li>{@code bare JDBC-URL SECONDS}: rows into {@code rule_match} of a database of its own, one thread, nothing else.
 *   <li>{@code load URL TOKEN VIEWER WRITERS BATCH READERS SECONDS}: batches by HTTP while others read; a batch that is
 *       refused with 429 waits as it was told and is sent again until it is taken.
 *   <li>{@code count JDBC-URL}: the rows of {@code rule_match}.
 * </ul>
 */
final class Load {
    private static final int RULES = 50;
    private static final int USERS = 100_000;
    /** Between two looks of a reader. */
    private static final long LOOK_MILLIS = 1_000;

    private static final int ROWS_A_STATEMENT = 1_000;
    private static final int ROWS_A_COMMIT = 10_000;

    private Load() {}

    public static void main(String[] words) throws Exception {
        switch (words[0]) {
            case "bare" -> bare(words[1], Integer.parseInt(words[2]));
            case "count" -> count(words[1]);
            case "load" -> new Run(words).run();
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static void bare(String url, int seconds) throws SQLException {
        Lines lines = new Lines();
        try (Connection database = DriverManager.getConnection(url, "alcedo", "")) {
            database.setAutoCommit(false);
            long rows = 0;
            // The first half warms the JVM up, which the service's is.
            long begun = 0;
            long warm = System.nanoTime() + seconds * 500_000_000L;
            long end = warm + seconds * 500_000_000L;
            try (PreparedStatement insert = database.prepareStatement("INSERT INTO rule_match"
                    + " (match_id, rule_id, revision, user_id, happened_at, received_at, body)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                while (begun == 0 || System.nanoTime() < end) {
                    if (begun == 0 && System.nanoTime() > warm) {
                        begun = System.nanoTime();
                        rows = 0;
                    }
                    for (int i = 0; i < ROWS_A_COMMIT / ROWS_A_STATEMENT; i++) {
                        for (int j = 0; j < ROWS_A_STATEMENT; j++) {
                            lines.bind(insert);
                            insert.addBatch();
                        }
                        insert.executeBatch();
                    }
                    database.commit();
                    rows += ROWS_A_COMMIT;
                }
            }
            double took = (System.nanoTime() - begun) / 1e9;
            System.out.printf("{\"rows\":%d,\"seconds\":%.3f}%n", rows, took);
        }
    }

    private static void count(String url) throws SQLException {
        try (Connection database = DriverManager.getConnection(url, "alcedo", "");
                Statement ask = database.createStatement();
                ResultSet answer = ask.executeQuery("SELECT COUNT(*), COUNT(DISTINCT match_id) FROM rule_match")) {
            answer.next();
            System.out.printf("{\"rows\":%d,\"different\":%d}%n", answer.getLong(1), answer.getLong(2));
        }
    }

    /** Matches as the engine writes them, each with an id of its own. */
    private static final class Lines {
        private final SplittableRandom random = new SplittableRandom(System.nanoTime());

        private String id() {
            return HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
        }

        /** A few rules fire most. */
        private String rule() {
            return "rule-" + (int) (RULES * random.nextDouble() * random.nextDouble());
        }

        private static String line(String id, String rule, String user, long time) {
            return "{\"match_id\":\"" + id + "\",\"rule\":\"" + rule + "\",\"revision\":3,\"user\":\"" + user
                    + "\",\"time\":" + time + ",\"occurrence\":1,\"key\":{\"item\":4711},\"cause\":{\"event\":{\"type\":"
                    + "\"view\",\"time\":" + time + ",\"item\":4711,\"category\":\"coffee\"}},\"evidence\":{\"views\":3,"
                    + "\"carts\":0,\"last_view\":" + time + "},\"action\":{\"channel\":\"push\",\"template\":\"come-back\"}}\n";
        }

        private String user() {
            return "user-" + random.nextInt(USERS);
        }

        String line() {
            return line(id(), rule(), user(), System.currentTimeMillis());
        }

        void bind(PreparedStatement insert) throws SQLException {
            String id = id();
            String rule = rule();
            String user = user();
            long now = System.currentTimeMillis();
            insert.setString(1, id);
            insert.setString(2, rule);
            insert.setInt(3, 3);
            insert.setString(4, user);
            insert.setLong(5, now);
            insert.setLong(6, now);
            insert.setString(7, line(id, rule, user, now));
        }
    }

    /** Writers and readers for some seconds. */
    private static final class Run {
        private final HttpClient http = HttpClient.newHttpClient();
        private final String url;
        private final String token;
        private final String viewer;
        private final int writers;
        private final int batch;
        private final int readers;
        private final long end;
        private final long begun = System.nanoTime();
        private final AtomicLong taken = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final Queue<Long> reads = new ConcurrentLinkedQueue<>();
        private final Queue<Long> writes = new ConcurrentLinkedQueue<>();

        Run(String[] words) {
            url = words[1];
            token = words[2];
            viewer = words[3];
            writers = Integer.parseInt(words[4]);
            batch = Integer.parseInt(words[5]);
            readers = Integer.parseInt(words[6]);
            end = begun + Integer.parseInt(words[7]) * 1_000_000_000L;
        }

        void run() throws InterruptedException {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                threads.add(new Thread(this::write));
            }
            for (int i = 0; i < readers; i++) {
                int number = i;
                threads.add(new Thread(() -> read(number)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads.subList(0, writers)) {
                thread.join();
            }
            double took = (System.nanoTime() - begun) / 1e9;
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.printf(
                    "{\"taken\":%d,\"seconds\":%.3f,\"refused\":%d,\"failed\":%d,\"reads\":%d,\"read_p50_ms\":%d,"
                            + "\"read_p95_ms\":%d,\"write_p50_ms\":%d,\"write_p95_ms\":%d}%n",
                    taken.get(),
                    took,
                    refused.get(),
                    failed.get(),
                    reads.size(),
                    quantile(reads, 0.5),
                    quantile(reads, 0.95),
                    quantile(writes, 0.5),
                    quantile(writes, 0.95));
        }

        private void write() {
            Lines lines = new Lines();
            while (System.nanoTime() < end) {
                StringBuilder body = new StringBuilder();
                for (int i = 0; i < batch; i++) {
                    body.append(lines.line());
                }
                untilTaken(body.toString());
            }
        }

        private void untilTaken(String body) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/engine/matches"))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/x-ndjson")
                    .POST(BodyPublishers.ofString(body))
                    .build();
            while (true) {
                try {
                    long asked = System.nanoTime();
                    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                    if (answer.statusCode() == 200) {
                        writes.add(System.nanoTime() - asked);
                        taken.addAndGet(batch);
                        return;
                    }
                    if (answer.statusCode() == 429) {
                        refused.incrementAndGet();
                        Thread.sleep(1_000 * Long.parseLong(answer.headers().firstValue("Retry-After").orElseThrow()));
                    } else {
                        failed.incrementAndGet();
                        Thread.sleep(1_000);
                    }
                } catch (IOException e) {
                    failed.incrementAndGet();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private void read(int number) {
            SplittableRandom random = new SplittableRandom(number);
            try {
                Thread.sleep(random.nextLong(LOOK_MILLIS));
                for (int look = number; System.nanoTime() < end; look++) {
                    long asked = System.nanoTime();
                    HttpResponse<String> answer = http.send(
                            HttpRequest.newBuilder(URI.create(url + page(look, random)))
                                    .header("Authorization", "Bearer " + viewer)
                                    .build(),
                            BodyHandlers.ofString());
                    if (answer.statusCode() == 200) {
                        reads.add(System.nanoTime() - asked);
                    } else {
                        failed.incrementAndGet();
                    }
                    Thread.sleep(LOOK_MILLIS);
                }
            } catch (IOException | InterruptedException e) {
                failed.incrementAndGet();
            }
        }

        /** What people look at: the latest of all, of a rule, of a user; a chart. */
        private static String page(int look, SplittableRandom random) {
            return switch (look % 4) {
                case 0 -> "/api/matches?limit=50";
                case 1 -> "/api/matches?limit=50&rule=rule-" + random.nextInt(RULES);
                case 2 -> "/api/matches?limit=50&user=user-" + random.nextInt(USERS);
                default -> "/api/match_rates?rule=rule-" + random.nextInt(RULES);
            };
        }

        private static long quantile(Queue<Long> nanos, double part) {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))] / 1_000_000;
        }
    }
}
