package io.alcedo.admin.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Bodies that nobody should send: a reason, and nothing kept. */
class BadBodyTest extends ServiceTest {
    private static final String LINE =
            "{\"match_id\":\"%032x\",\"rule\":\"bad-body\",\"revision\":1,\"user\":\"anna\",\"time\":1}\n";

    @Test
    void aCompressedBodyIsRefusedBeforeItIsUnpacked() throws IOException {
        byte[] bomb = zipped(256 << 20);
        assertTrue(bomb.length < 1 << 20);
        for (String path : new String[] {"/engine/matches", "/engine/events"}) {
            assertEquals(
                    "unsupported_media_type", code(send(lines(path, bomb).header("Content-Encoding", "gzip")), 415));
            // Without saying so it is a line that is no JSON, and as long as it was sent.
            Answer untold = send(lines(path, bomb));
            assertTrue(path.endsWith("events") ? untold.status() == 200 : untold.status() == 422, untold.text());
        }
        HttpRequest.Builder table =
                as(Role.EDITOR, "/api/tags").header("Content-Type", "text/csv").POST(BodyPublishers.ofByteArray(bomb));
        assertEquals(4, send(table).status() / 100);
        assertEquals(501, transferCoded("gzip, chunked"));
    }

    @Test
    void aLineBeyondItsLimitIsNamedAndNotKept() {
        String lineLong =
                LINE.formatted(1) + "{\"match_id\":\"" + "0".repeat(Lines.BYTES) + "\"}\n" + LINE.formatted(2);
        JsonNode problem = send(lines("/engine/matches", lineLong.getBytes(StandardCharsets.UTF_8)))
                .expect(422)
                .json();
        assertEquals("line 2", problem.path("errors").path(0).path("path").asString());
        assertTrue(problem.path("detail").asString().contains("1048576"), problem.toString());
        nothingKept();
    }

    @Test
    void whatIsNoUtf8IsNamedAndNotKept() {
        byte[] bytes = (LINE.formatted(3) + LINE.formatted(4)).getBytes(StandardCharsets.ISO_8859_1);
        bytes[bytes.length - 20] = (byte) 0xff;
        JsonNode problem = send(lines("/engine/matches", bytes)).expect(422).json();
        assertEquals("line 2", problem.path("errors").path(0).path("path").asString());
        nothingKept();
    }

    @Test
    void aBodyThatDoesNotTellItsLengthIsReadToTheLimitAndNoFurther() {
        byte[] blanks = new byte[(16 << 20) + 1];
        HttpRequest.Builder endless = as(Role.ENGINE, "/engine/matches")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(blanks)));
        assertEquals("too_large", code(send(endless), 413));
    }

    private void nothingKept() {
        assertEquals(
                0,
                get(Role.VIEWER, "/api/matches?rule=bad-body")
                        .json()
                        .path("total")
                        .asInt());
    }

    private HttpRequest.Builder lines(String path, byte[] body) {
        return as(Role.ENGINE, path)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(body));
    }

    private static String code(Answer answer, int status) {
        return answer.expect(status).json().path("code").asString();
    }

    private int transferCoded(String coding) throws IOException {
        HttpRequest request = as(Role.ENGINE, "/engine/matches").build();
        try (Socket socket = new Socket(request.uri().getHost(), request.uri().getPort())) {
            socket.setSoTimeout(120_000);
            String head = "POST /engine/matches HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                    + request.headers().firstValue("Authorization").orElseThrow()
                    + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: " + coding + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return Integer.parseInt(in.readLine().split(" ")[1]);
        }
    }

    private static byte[] zipped(int zeros) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            byte[] some = new byte[1 << 20];
            for (int i = 0; i < zeros; i += some.length) {
                zip.write(some);
            }
        }
        return packed.toByteArray();
    }
}
