package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audiences from a real HTTP server. */
class HttpAudiencesTest {
    private static final byte[] MEMBERS = {1, 2, 3};

    private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile String authorization;
    private HttpServer server;
    private String url;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/audiences", this::answer);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/audiences";
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        authorization = exchange.getRequestHeaders().getFirst("Authorization");
        byte[] body = bodies.get(exchange.getRequestURI().getPath());
        String etag = body == null ? null : "\"" + Arrays.hashCode(body) + "\"";
        boolean same = body != null && etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
        if (etag != null) {
            exchange.getResponseHeaders().set("ETag", etag);
        }
        exchange.sendResponseHeaders(body == null ? 404 : same ? 304 : 200, body == null || same ? -1 : body.length);
        if (body != null && !same) {
            sent.incrementAndGet();
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void list(String lines) {
        bodies.put("/audiences", lines.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) throws Exception {
        StringBuilder hex = new StringBuilder("sha256:");
        for (byte part : MessageDigest.getInstance("SHA-256").digest(bytes)) {
            hex.append(String.format("%02x", part));
        }
        return hex.toString();
    }

    @Test
    void theListTellsVersionsAndIsNotSentTwice() throws Exception {
        list("vips 7\nregulars 3\n");
        bodies.put("/audiences/vips", MEMBERS);
        AudienceSource audiences = new HttpAudiences(url + "/", null);
        assertEquals("7", audiences.version("vips"));
        assertEquals("3", audiences.version("regulars"));
        assertEquals("", audiences.version("nobody"));
        String before = audiences.version();
        assertEquals(1, sent.get());
        try (InputStream members = audiences.load("vips")) {
            assertArrayEquals(MEMBERS, members.readAllBytes());
        }
        assertNull(audiences.load("nobody"));
        assertNull(audiences.load("regulars"), "listed, but not there yet");
        list("vips 8\n");
        assertTrue(!before.equals(audiences.version()));
    }

    @Test
    void membersThatHashToSomethingElseAreRefused() throws Exception {
        list("vips " + sha256(MEMBERS));
        bodies.put("/audiences/vips", MEMBERS);
        AudienceSource audiences = new HttpAudiences(url, null);
        assertEquals(sha256(MEMBERS), audiences.version("vips"));
        try (InputStream members = audiences.load("vips")) {
            assertArrayEquals(MEMBERS, members.readAllBytes());
            assertEquals(-1, members.read());
        }
        bodies.put("/audiences/vips", new byte[] {1, 2, 4});
        try (InputStream members = audiences.load("vips")) {
            IOException e = assertThrows(IOException.class, members::readAllBytes);
            assertTrue(e.getMessage().contains("its list says"), e.getMessage());
        }
    }

    @Test
    void whatIsNoListSaysWhatIsWrong() {
        AudienceSource audiences = new HttpAudiences(url, null);
        fails(audiences, "answers 404");
        list("vips of today");
        fails(audiences, "it must be `id version`");
        bodies.put("/audiences", new byte[(1 << 20) + 1]);
        fails(audiences, "more than 1048576 bytes");
        server.stop(0);
        fails(audiences, "Connection refused");
        assertThrows(IllegalArgumentException.class, () -> new HttpAudiences("file:///etc", null));
    }

    private static void fails(AudienceSource audiences, String with) {
        IOException e = assertThrows(IOException.class, () -> audiences.version("vips"));
        assertTrue(e.getMessage().contains(with), e.getMessage());
    }

    @Test
    void aTokenGoesAlongWithEveryRequest(@TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "one\n");
        list("vips 1");
        bodies.put("/audiences/vips", MEMBERS);
        AudienceSource audiences = new HttpAudiences(url, token.toString());
        audiences.version();
        assertEquals("Bearer one", authorization);
        Files.writeString(token, "two");
        audiences.load("vips").close();
        assertEquals("Bearer two", authorization);
    }
}
