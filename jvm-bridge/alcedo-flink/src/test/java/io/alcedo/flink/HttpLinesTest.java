package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records that nobody misses, beside those that must arrive. */
@Timeout(120)
class HttpLinesTest {
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final CountDownLatch came = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile boolean away;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    @AfterEach
    void stop() {
        answer.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (body.startsWith("beat")) {
            came.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        (away ? refused : taken).add(body);
        exchange.sendResponseHeaders(away ? 503 : 204, -1);
        exchange.close();
    }

    @Test
    void oneThatMayBeLostHoldsNothingBackAndIsNotOvertaken() throws Exception {
        SinkWriter<String> writer = writer();
        writer.write("beat 1", null); // would not return: nobody answers yet
        assertTrue(came.await(60, TimeUnit.SECONDS));
        writer.write("beat 2", null); // dropped: one is under way
        writer.flush(false); // a checkpoint does not wait for it either
        answer.countDown();
        writer.write("live", null);
        writer.flush(false);
        writer.write("paused", null);
        writer.write("beat 3", null); // dropped: it may be newer than what waits
        writer.flush(false);
        assertEquals(List.of("beat 1", "live", "paused"), taken);
        writer.close();
    }

    @Test
    void oneThatIsNotTakenIsNotSentAgain() throws Exception {
        answer.countDown();
        away = true;
        SinkWriter<String> writer = writer();
        writer.write("beat 1", null);
        while (refused.isEmpty()) {
            Thread.sleep(10);
        }
        away = false;
        writer.write("live", null);
        writer.flush(false);
        assertEquals(List.of("beat 1"), refused);
        assertEquals(List.of("live"), taken);
        writer.close();
    }

    private SinkWriter<String> writer() throws IOException {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        return new HttpLines<String>("status", url, null, line -> line.getBytes(StandardCharsets.UTF_8))
                .mayBeLost(line -> line.startsWith("beat"))
                .createWriter(Context.of(WriterInitContext.class));
    }

    /** What the writer asks of Flink: a clock that nobody winds, and a counter. */
    private static final class Context {
        static <T> T of(Class<T> type) {
            return type.cast(
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        Class<?> wanted = method.getReturnType();
                        if (wanted == long.class) {
                            return 0L;
                        }
                        if (wanted.isAssignableFrom(SimpleCounter.class) && wanted != Object.class) {
                            return new SimpleCounter();
                        }
                        return wanted.isInterface() ? of(wanted) : null;
                    }));
        }
    }
}
