package io.alcedo.admin.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Signing in as a browser does: cookies and a CSRF token. */
@ExtendWith(OutputCaptureExtension.class)
class SessionTest extends ServiceTest {
    private static final String PASSWORD = "correct horse battery";

    @Autowired
    private FirstStart firstStart;

    private final Map<String, String> cookies = new LinkedHashMap<>();

    @Test
    void aBrowserSignsInWritesAndSignsOut() {
        account("li", "admin");
        assertTrue(browser("GET", "/api/session", null).json().path("name").isNull());
        signIn("li", PASSWORD).expect(200);
        JsonNode session = browser("GET", "/api/session", null).json();
        assertEquals("li", session.path("name").asString());
        assertEquals("admin", session.path("role").asString());

        String made = "{\"id\":\"by-browser\",\"name\":\"By browser\",\"approval_required\":false}";
        assertEquals(
                "csrf_token_missing",
                browser("POST", "/api/workspaces", made)
                        .expect(403)
                        .json()
                        .path("code")
                        .asString());
        write("POST", "/api/workspaces", made).expect(201);

        write("DELETE", "/api/session", null).expect(204);
        browser("GET", "/api/workspaces", null).expect(401);
    }

    @Test
    void whoSignedInOrTriedToIsInTheAudit() {
        account("audited", "viewer");
        signIn("audited", "not the password").expect(401);
        signIn("my-password-in-the-wrong-field", PASSWORD).expect(401);
        signIn("audited", PASSWORD).expect(200);
        browser("GET", "/api/session", null);
        write("DELETE", "/api/session", null).expect(204);
        StringBuilder actions = new StringBuilder();
        String told = get(Role.APPROVER, "/api/audit?subject=account&subject_id=audited")
                .text();
        json.readTree(told).path("items").forEach(entry -> actions.append(
                        entry.path("action").asString())
                .append(' '));
        assertTrue(actions.toString().startsWith("signed_out signed_in sign_in_failed "), told);
        assertTrue(told.contains("\"address\":\"127.0.0.1\""), told);
        assertTrue(get(Role.APPROVER, "/api/audit?subject=account&subject_id=nobody")
                .text()
                .contains("sign_in_failed"));
        assertEquals(
                0,
                get(Role.APPROVER, "/api/audit?subject_id=my-password-in-the-wrong-field")
                        .json()
                        .path("total")
                        .asInt());
    }

    @Test
    void theSessionAndItsCsrfTokenAreNewAfterSigningIn() {
        account("fixation", "viewer");
        browser("GET", "/api/session", null);
        String csrf = cookies.get("XSRF-TOKEN");
        signIn("fixation", PASSWORD).expect(200);
        browser("GET", "/api/session", null);
        assertNotEquals(csrf, cookies.get("XSRF-TOKEN"));
        assertTrue(cookies.containsKey("ALCEDO_SESSION"));
    }

    @Test
    void switchingAnAccountOffEndsItsSession() {
        JsonNode account = account("leaves", "viewer");
        signIn("leaves", PASSWORD).expect(200);
        browser("GET", "/api/workspaces", null).expect(200);
        put(
                        Role.ADMIN,
                        "/api/accounts/" + account.path("id").asInt(),
                        "{\"version\":1,\"display_name\":\"Gone\",\"role\":\"viewer\",\"enabled\":false}")
                .expect(200);
        browser("GET", "/api/workspaces", null).expect(401);
        signIn("leaves", PASSWORD).expect(401);
    }

    @Test
    void guessingIsThrottled() {
        account("guessed", "viewer");
        for (int i = 0; i < 5; i++) {
            signIn("guessed", "wrong password " + i).expect(401);
        }
        Answer refused = signIn("guessed", PASSWORD).expect(429);
        assertEquals("too_many_attempts", refused.json().path("code").asString());
        assertTrue(Integer.parseInt(refused.header("Retry-After")) >= 1);
    }

    @Test
    void anAccountHasSoManyScreensAndThoseEndWithIt() throws IOException, InterruptedException {
        JsonNode account = account("screens", "viewer");
        signIn("screens", PASSWORD).expect(200);
        HttpClient http = HttpClient.newHttpClient();
        List<HttpResponse<InputStream>> screens = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            screens.add(http.send(withCookies("/api/match_stream?rule=none").build(), BodyHandlers.ofInputStream()));
        }
        assertEquals(200, screens.get(9).statusCode());
        assertEquals(429, screens.get(10).statusCode());
        put(
                        Role.ADMIN,
                        "/api/accounts/" + account.path("id").asInt(),
                        "{\"version\":1,\"display_name\":\"Gone\",\"role\":\"viewer\",\"enabled\":false}")
                .expect(200);
        for (HttpResponse<InputStream> screen : screens) {
            screen.body().readAllBytes(); // to its end, which is there within seconds, not hours
        }
    }

    @Test
    void whoeverHasTheMachineGetsInAgain(CapturedOutput output) throws IOException {
        firstStart.run(new DefaultApplicationArguments("--alcedo.reset-admin"));
        Matcher told = Pattern.compile("new password: (\\S+)").matcher(output.getOut());
        assertTrue(told.find());
        signIn("admin", told.group(1)).expect(200);
    }

    @Test
    void anUnknownNameAnswersAsAWrongPasswordDoes() {
        account("known", "viewer");
        String known = signIn("known", "not this one").expect(401).text();
        assertEquals(known, signIn("unknown", "not this one").expect(401).text());
    }

    private JsonNode account(String name, String role) {
        return post(
                        Role.ADMIN,
                        "/api/accounts",
                        "{\"name\":\"" + name + "\",\"display_name\":\"A\",\"role\":\"" + role + "\",\"password\":\""
                                + PASSWORD + "\"}")
                .expect(201)
                .json();
    }

    private Answer signIn(String name, String password) {
        return write("POST", "/api/session", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
    }

    /** With the token that the session tells. */
    private Answer write(String method, String path, String body) {
        JsonNode session = browser("GET", "/api/session", null).json();
        return exchange(withCookies(path)
                .header(
                        session.path("csrf_header").asString(),
                        session.path("csrf_token").asString())
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private Answer browser(String method, String path, String body) {
        return exchange(withCookies(path)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder withCookies(String path) {
        HttpRequest.Builder request = request(path);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private Answer exchange(HttpRequest.Builder request) {
        Answer answer = send(request);
        for (String set : answer.headers("Set-Cookie")) {
            String[] pair = set.split(";", 2)[0].split("=", 2);
            if (pair[1].isEmpty()) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        }
        return answer;
    }
}
