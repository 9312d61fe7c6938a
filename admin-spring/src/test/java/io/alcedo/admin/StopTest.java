package io.alcedo.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.account.Role;
import io.alcedo.admin.account.TestTokens;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A service of its own, with a second person asked everywhere, that is stopped while a screen looks on. */
class StopTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void aStopWaitsForNoScreenAndNobodyPublishesAlone(@TempDir Path data) throws Exception {
        ConfigurableApplicationContext service = new SpringApplication(AdminApplication.class, TestTokens.class)
                .run(
                        "--alcedo.data=" + data,
                        "--server.port=0",
                        "--alcedo.approval.everywhere=true",
                        "--spring.datasource.url=jdbc:h2:mem:stop;MODE=MySQL;NON_KEYWORDS=VALUE;DB_CLOSE_DELAY=-1",
                        // Whoever waited for the screen would wait longer than the test does.
                        "--spring.lifecycle.timeout-per-shutdown-phase=10m");
        CompletableFuture<Void> stopped;
        try {
            String body = "{\"id\":\"alone\",\"definition\":{\"trigger\":{\"on\":{\"event\":\"order\"}}}}";
            assertEquals(201, post(service, "/api/rules", body).statusCode());
            HttpResponse<String> refused = post(service, "/api/rules/alone/publish", "{\"version\":1}");
            assertEquals(409, refused.statusCode());
            assertTrue(refused.body().contains("approval_needed"), refused.body());

            HttpResponse<InputStream> screen =
                    HTTP.send(request(service, Role.VIEWER, "/api/match_stream").build(), BodyHandlers.ofInputStream());
            BufferedReader lines = new BufferedReader(new InputStreamReader(screen.body(), StandardCharsets.UTF_8));
            assertEquals(":here", lines.readLine());
            stopped = CompletableFuture.runAsync(service::close);
            stopped.get(3, TimeUnit.MINUTES);
            String rest = lines.readLine();
            while (rest != null && rest.isEmpty()) {
                rest = lines.readLine();
            }
            assertNull(rest);
        } finally {
            service.close();
        }
    }

    private static HttpResponse<String> post(ConfigurableApplicationContext service, String path, String body)
            throws Exception {
        HttpRequest.Builder request = request(service, Role.EDITOR, path).header("Content-Type", "application/json");
        return HTTP.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(ConfigurableApplicationContext service, Role role, String path) {
        String port = service.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(
                        "Authorization",
                        "Bearer " + service.getBean(TestTokens.class).of(role));
    }
}
