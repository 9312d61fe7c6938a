package io.alcedo.admin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The console's addresses, by somebody who has not signed in yet. */
class ConsolePagesTest extends ServiceTest {
    @Test
    void eachPageIsTheOneFile() {
        for (String page : List.of(
                "/",
                "/live",
                "/rules",
                "/rules/winback/review",
                "/matches/abc",
                "/users",
                "/backtests",
                "/backtests/7",
                "/settings")) {
            String shown = send(request(page)).expect(200).text();
            assertTrue(shown.contains("Stands in for the console"), page);
        }
    }

    @Test
    void whatNeverChangesIsFetchedOnce() {
        String kept = send(request("/assets/app-1.js")).expect(200).header("Cache-Control");
        assertTrue(kept.contains("immutable"), kept);
        assertTrue(send(request("/")).header("Cache-Control").contains("no-store"));
    }

    @Test
    void pagesLoadNothingOfOthersAndAreFramedByNobody() {
        for (String path : List.of("/", "/rules/r1/edit", "/api/session", "/nowhere")) {
            var answer = send(request(path));
            String policy = answer.header("Content-Security-Policy");
            assertTrue(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), policy);
            assertEquals("nosniff", answer.header("X-Content-Type-Options"), path);
            assertEquals("no-referrer", answer.header("Referrer-Policy"), path);
        }
    }

    @Test
    void nothingElseIsOpenedByIt() {
        for (String path : List.of("/api/rules", "/nowhere", "/static/index.html", "/application.yaml")) {
            send(request(path)).expect(401);
        }
    }

    @Test
    void whoOpensAnUnknownAddressSeesTheConsole() {
        for (String path : List.of("/nowhere", "/rule/r1", "/application.yaml")) {
            String shown = send(browsing(path)).expect(404).text();
            assertTrue(shown.contains("Stands in for the console"), path);
        }
        send(browsing("/api/rules")).expect(401);
        send(browsing("/engine/rules")).expect(401);
    }

    private HttpRequest.Builder browsing(String path) {
        return request(path).header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    }
}
