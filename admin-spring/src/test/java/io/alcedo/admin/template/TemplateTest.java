package io.alcedo.admin.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The templates that come along, and adding one. */
class TemplateTest extends ServiceTest {
    @Test
    void everyTemplateIsARightRuleAndEveryHoleMatters() {
        JsonNode all = get(Role.VIEWER, "/api/templates").expect(200).json().path("items");
        assertTrue(all.size() >= 16, all.size() + " templates");
        List<String> wrong = new ArrayList<>();
        for (JsonNode template : all) {
            String id = template.path("id").asString();
            JsonNode filled = fill(id, "{}").expect(200).json();
            if (!filled.path("verdict").path("ok").asBoolean()
                    || filled.path("verdict").path("warnings").size() > 0) {
                wrong.add(id + ": " + filled.path("verdict"));
            }
            for (JsonNode hole : template.path("holes")) {
                String other = other(hole);
                JsonNode changed = fill(id, "{\"" + hole.path("name").asString() + "\":" + other + "}")
                        .expect(200)
                        .json();
                assertNotEquals(filled.path("definition"), changed.path("definition"), id + " " + hole);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void valuesOfAnotherKindAreRefusedWithTheirPlace() {
        JsonNode problem = fill("unpaid-order", "{\"per_day\":0,\"within\":15,\"nonsense\":1}")
                .expect(400)
                .json();
        List<String> paths = new ArrayList<>();
        problem.path("errors").forEach(error -> paths.add(error.path("path").asString()));
        assertEquals(List.of("/values/within", "/values/per_day", "/values/nonsense"), paths);
        JsonNode filled =
                fill("unpaid-order", "{\"within\":\"soon\"}").expect(200).json();
        assertEquals(
                "/measures/unpaid/absence/within",
                filled.path("verdict").path("problems").path(0).path("path").asString());
    }

    @Test
    void aDeveloperAddsATemplate() {
        ObjectNode mine =
                (ObjectNode) get(Role.VIEWER, "/api/templates/first-purchase").json();
        mine.put("id", "first-review");
        post(Role.EDITOR, "/api/templates", mine.toString()).expect(201);
        post(Role.EDITOR, "/api/templates", mine.toString()).expect(409);
        assertEquals(
                "首次购买",
                fill("first-review", "{}", "zh")
                        .json()
                        .path("definition")
                        .path("name")
                        .asString());
        delete(Role.EDITOR, "/api/templates/first-review").expect(204);
        get(Role.VIEWER, "/api/templates/first-review").expect(404);
        delete(Role.EDITOR, "/api/templates/first-purchase").expect(409);

        mine.putObject("definition").putObject("when").put("hole", "undeclared");
        JsonNode problem =
                post(Role.EDITOR, "/api/templates", mine.toString()).expect(422).json();
        assertTrue(
                problem.path("errors").toString().contains("\\\"undeclared\\\" is not declared"), problem.toString());
    }

    private Answer fill(String id, String values) {
        return fill(id, values, "en");
    }

    private Answer fill(String id, String values, String language) {
        return post(
                Role.EDITOR,
                "/api/templates/" + id + "/fill",
                "{\"values\":" + values + ",\"language\":\"" + language + "\"}");
    }

    private static String other(JsonNode hole) {
        return switch (hole.path("type").asString()) {
            case "duration" -> "\"77m\"";
            case "time" -> "\"2023-01-01T00:00:00Z\"";
            case "number", "integer" -> "7";
            default -> "\"something_else\"";
        };
    }
}
