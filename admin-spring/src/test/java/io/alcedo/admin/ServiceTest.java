package io.alcedo.admin;

import io.alcedo.admin.account.Role;
import io.alcedo.admin.account.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The running service on a free port, one for all tests that extend this; spoken to as others speak to it. Tests share its
 * database, so each works on things of its own names.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "alcedo.data=target/test-data",
            "spring.datasource.url=${alcedo.test.url:jdbc:h2:mem:service;MODE=MySQL;NON_KEYWORDS=VALUE;DB_CLOSE_DELAY=-1;MAX_LENGTH_INPLACE_LOB=65536}",
        })
@Import({TestTokens.class, MortalDataSource.Around.class})
public abstract class ServiceTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private TestTokens tokens;

    @Autowired
    protected JsonMapper json;

    /** A request to this path, not sent yet. */
    protected HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    protected Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it is answered with, whether or not the body ever ends. */
    protected int status(HttpRequest.Builder request) {
        try {
            HttpResponse<java.io.InputStream> answer = HTTP.send(request.build(), BodyHandlers.ofInputStream());
            answer.body().close();
            return answer.statusCode();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A request by a program with this role. */
    protected HttpRequest.Builder as(Role role, String path) {
        return request(path).header("Authorization", "Bearer " + tokens.of(role));
    }

    protected Answer get(Role role, String path) {
        return send(as(role, path));
    }

    protected Answer post(Role role, String path, String body) {
        return send(as(role, path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    protected Answer put(Role role, String path, String body) {
        return send(as(role, path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body)));
    }

    protected Answer delete(Role role, String path) {
        return send(as(role, path).DELETE());
    }

    /** What came back. */
    public final class Answer {
        private final HttpResponse<String> response;

        Answer(HttpResponse<String> response) {
            this.response = response;
        }

        public int status() {
            return response.statusCode();
        }

        public String text() {
            return response.body();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        public java.util.List<String> headers(String name) {
            return response.headers().allValues(name);
        }

        public JsonNode json() {
            return json.readTree(response.body());
        }

        /** This status, or a failure that shows the body. */
        public Answer expect(int status) {
            if (status != response.statusCode()) {
                throw new AssertionError(
                        response.request().method() + " " + response.request().uri() + " answers "
                                + response.statusCode() + ", not " + status + ": " + response.body());
            }
            return this;
        }
    }
}
