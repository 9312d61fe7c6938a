package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules from a real HTTP server. */
class HttpRulesTest {
    private HttpServer server;
    private String url;
    private volatile int status = 200;
    private volatile byte[] body = "[]".getBytes(StandardCharsets.UTF_8);
    private volatile String etag;
    private volatile String askedWith;
    private volatile String authorization;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/rules", this::answer);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/rules";
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        askedWith = exchange.getRequestHeaders().getFirst("If-None-Match");
        authorization = exchange.getRequestHeaders().getFirst("Authorization");
        boolean same = etag != null && etag.equals(askedWith);
        if (etag != null) {
            exchange.getResponseHeaders().set("ETag", etag);
        }
        if (status == 302) {
            exchange.getResponseHeaders().set("Location", "http://elsewhere.example/rules");
        }
        exchange.sendResponseHeaders(same ? 304 : status, same || body.length == 0 ? -1 : body.length);
        if (!same) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Test
    void anAnswerIsTheCompleteSetAndIsNotSentTwice() throws Exception {
        HttpRules rules = new HttpRules(url);
        etag = "\"v1\"";
        body = "[{\"id\":\"a\"}]".getBytes(StandardCharsets.UTF_8);
        RulesUpdate first = rules.read();
        assertTrue(first.complete());
        assertEquals("[{\"id\":\"a\"}]", first.text(0));
        assertEquals(url, first.source(0));
        assertNull(askedWith);
        assertSame(first, rules.read());
        assertEquals("\"v1\"", askedWith);
        etag = "\"v2\"";
        body = "[]".getBytes(StandardCharsets.UTF_8);
        assertEquals("[]", rules.read().text(0));
    }

    @Test
    void whatIsNoAnswerSaysWhatTheServerSays() {
        HttpRules rules = new HttpRules(url);
        status = 503;
        body = "the database is away".getBytes(StandardCharsets.UTF_8);
        fails(rules, "answers 503 the database is away");
        status = 302;
        fails(rules, "points to http://elsewhere.example/rules; give that address itself");
        status = 200;
        body = new byte[] {'[', (byte) 0xff, ']'};
        fails(rules, "not UTF-8");
        body = new byte[(16 << 20) + 1];
        fails(rules, "more than 16777216 bytes");
        server.stop(0);
        fails(rules, "Connection refused");
    }

    @Test
    void aTokenIsReadAgainAtEveryRequest(@TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "one\n");
        HttpRules rules = new HttpRules(url, token.toString());
        rules.read();
        assertEquals("Bearer one", authorization);
        Files.writeString(token, "two");
        rules.read();
        assertEquals("Bearer two", authorization);
        assertThrows(IllegalArgumentException.class, () -> new HttpRules("file:///etc/passwd"));
    }

    private static void fails(HttpRules rules, String with) {
        IOException e = assertThrows(IOException.class, rules::read);
        assertTrue(e.getMessage().contains(with), e.getMessage());
    }
}
