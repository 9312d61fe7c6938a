package io.alcedo.admin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The committed description is the generated one. To write it anew, run this test with {@code
 * -Dalcedo.test.args=-Dalcedo.openapi.write=true}.
 */
class OpenApiTest extends ServiceTest {
    private static final Path COMMITTED = Path.of("openapi.json");

    @Test
    void theCommittedDescriptionIsTheGeneratedOne() throws IOException {
        HttpRequest.Builder anybody = request("/openapi");
        String generated = json.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(send(anybody).expect(200).json()) + "\n";
        if (Boolean.getBoolean("alcedo.openapi.write")) {
            Files.writeString(COMMITTED, generated);
        }
        JsonNode description = json.readTree(generated);
        JsonNode create = description.path("paths").path("/api/rules").path("post");
        assertEquals("createRule", create.path("operationId").asString());
        JsonNode rule =
                description.path("components").path("schemas").path("Rule").path("properties");
        assertTrue(rule.has("head_revision"), rule.toString());
        // Members have no order: that of some is the JVM's, which is another one at times.
        assertEquals(json.readTree(Files.readString(COMMITTED)), description);
    }
}
