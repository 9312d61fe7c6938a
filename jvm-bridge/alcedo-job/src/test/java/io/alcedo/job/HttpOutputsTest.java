package io.alcedo.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that posts its matches and what became of rules to a real HTTP server, which is away at first and then refuses. */
class HttpOutputsTest {
    private static final int EVENTS = 1203;

    @TempDir
    Path folder;

    private HttpServer server;
    private final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> statuses = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int[] firstAnswers = {};

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/matches", this::answer);
        server.createContext("/statuses", this::takeStatus);
        server.start();
        Files.write(folder.resolve("log.jsonl"), log());
        Path rules = Files.createDirectory(folder.resolve("rules"));
        String rule = "{\"id\": \"seen\", \"revision\": 1, \"trigger\": {\"on\": {\"event\": \"a\"}}}";
        Files.writeString(rules.resolve("seen.json"), rule);
        Files.writeString(folder.resolve("token"), "secret");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int number = requests.getAndIncrement();
        int status = number < firstAnswers.length ? firstAnswers[number] : 200;
        if (status == 200) {
            bodies.add(body);
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
        }
        byte[] text = "answer".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    private void takeStatus(HttpExchange exchange) throws IOException {
        statuses.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    @Test
    void everyMatchArrivesInBatchesThoughTheReceiverWasAway() throws Exception {
        firstAnswers = new int[] {503, 429, 500};
        run(2);
        List<String> lines =
                bodies.stream().flatMap(body -> Arrays.stream(body.split("\n"))).collect(Collectors.toList());
        assertEquals(EVENTS, lines.size());
        assertEquals(EVENTS, lines.stream().distinct().count());
        assertTrue(lines.stream().allMatch(line -> line.startsWith("{\"match_id\":\"") && line.endsWith("}")));
        assertTrue(bodies.size() < EVENTS / 5, bodies.size() + " requests are no batches");
        assertEquals(Collections.nCopies(tokens.size(), "Bearer secret"), new ArrayList<>(tokens));
        assertTrue(requests.get() >= bodies.size() + 3);
        String told = String.join("", statuses);
        for (int subtask = 0; subtask < 2; subtask++) {
            String line = "{\"subtask\":" + subtask + ",\"subtasks\":2,\"rule\":\"seen\",\"revision\":1,";
            assertTrue(told.contains(line), told);
        }
    }

    @Test
    void anAnswerThatWillNotChangeFailsTheJobWithItsText() {
        firstAnswers = new int[] {401, 401, 401, 401, 401, 401, 401, 401};
        Exception failed = assertThrows(Exception.class, () -> run(1));
        StringBuilder told = new StringBuilder();
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            told.append(cause.getMessage()).append('\n');
        }
        assertTrue(told.toString().contains("/matches answers 401 answer"), told.toString());
        assertTrue(bodies.isEmpty());
    }

    private void run(int parallelism) throws Exception {
        StreamExecutionEnvironment env = Cluster.environment(parallelism, "hashmap");
        Pipeline.build(
                env,
                JobOptions.parse(
                        "--events",
                        folder.resolve("log.jsonl").toString(),
                        "--rules",
                        folder.resolve("rules").toString(),
                        "--output",
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/matches",
                        "--status-output",
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/statuses",
                        "--output-token-file",
                        folder.resolve("token").toString()));
        env.execute("matches over http");
    }

    private static List<String> log() {
        List<String> log = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            log.add("{\"user\":\"u" + i % 50 + "\",\"type\":\"a\",\"time\":" + (1_660_000_000_000L + i) + "}");
        }
        return log;
    }
}
