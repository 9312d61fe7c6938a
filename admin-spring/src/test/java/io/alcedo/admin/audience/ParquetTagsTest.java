package io.alcedo.admin.audience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Tags in Parquet files of three writers, and files that want too much. */
class ParquetTagsTest extends ServiceTest {
    @Autowired
    private TagStore store;

    /** The same rows by pyarrow (snappy, two row groups), polars (zstd) and DuckDB (gzip). */
    @ParameterizedTest
    @ValueSource(strings = {"pyarrow", "polars", "duckdb"})
    void whatAFileSaysIsWhatTheSameLinesSay(String writer) throws IOException {
        lines("""
                {"user":"anna","level":"C","age":31,"score":0.1,"vip":true,"words":["海底捞","小罐速溶咖啡"],"sizes":[1,null,3],\
                "first_order":"2022-06-01","seen":"2026-01-02T03:04:05Z","spent":12.5}
                {"user":"ben","score":2.5,"vip":false,"words":[],"sizes":[2],"spent":-0.01}
                {"user":"雀巢","level":"A","age":-5,"sizes":[],"first_order":"1969-12-31","seen":"2026-01-02T03:04:05.678Z"}
                """);
        JsonNode[] expected = tags();
        lines("{\"user\":\"anna\"}\n{\"user\":\"ben\"}\n{\"user\":\"雀巢\"}\n");
        JsonNode taken = upload(file(writer)).expect(200).json();
        assertEquals(3, taken.path("users").asInt());
        JsonNode[] found = tags();
        assertEquals(Arrays.toString(expected), Arrays.toString(found));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nested  | The file: the column \"home\" holds structures",
                "binary  | The file: the column \"raw\" is BINARY",
                "nan     | Row 3: the column \"score\" holds NaN",
                "no-user | Row 1: `user` must be a text",
                "bomb    | at most 33554432 are unpacked",
                "many    | Row 1: a user's tags are at most 65536 characters",
            })
    void whatCannotBeTagsIsRefusedByItsPlace(String name, String why) throws IOException {
        long before = store.users();
        JsonNode problem = upload(file(name)).expect(422).json();
        assertEquals("data_refused", problem.path("code").asString());
        assertTrue(problem.path("detail").asString().contains(why), problem.toString());
        assertTrue(problem.path("detail").asString().endsWith("Nothing of the file was taken."), problem.toString());
        assertEquals(before, store.users());
    }

    /** A bit of a file changed here and there, and the file cut: an answer, never an error of the service. */
    @Test
    void damagedFilesAreRefusedOrRead() throws IOException {
        byte[] whole = file("pyarrow");
        for (int at = 0; at < whole.length; at += 41) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            int status = status(request(damaged));
            assertTrue(status == 200 || status == 422, "byte " + at + ": " + status);
        }
        for (int length = 0; length < whole.length; length += 307) {
            upload(Arrays.copyOf(whole, length)).expect(422);
        }
    }

    private Answer upload(byte[] file) {
        return send(request(file));
    }

    private HttpRequest.Builder request(byte[] file) {
        return as(Role.EDITOR, "/api/tags")
                .header("Content-Type", "application/vnd.apache.parquet")
                .POST(BodyPublishers.ofByteArray(file));
    }

    private void lines(String lines) {
        send(as(Role.EDITOR, "/api/tags")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString(lines)))
                .expect(200);
    }

    private JsonNode[] tags() {
        return java.util.stream.Stream.of("anna", "ben", "雀巢")
                .map(user -> json.readTree(store.tags(user).orElseThrow()))
                .toArray(JsonNode[]::new);
    }

    private static byte[] file(String name) throws IOException {
        try (var in = ParquetTagsTest.class.getResourceAsStream("/tags/" + name + ".parquet")) {
            return in.readAllBytes();
        }
    }
}
