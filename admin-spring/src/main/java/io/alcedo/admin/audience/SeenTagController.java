package io.alcedo.admin.audience;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tags that users have, for suggestions: a tag that nobody has is no error anywhere. */
@RestController
@RequestMapping("/api/seen")
@Tag(name = "names")
class SeenTagController {
    private static final int USERS = 2_000;
    private static final int SUGGESTED = 100;

    private final TagStore tags;
    private final JsonMapper json;

    SeenTagController(TagStore tags, JsonMapper json) {
        this.tags = tags;
        this.json = json;
    }

    @GetMapping("/tags")
    @Operation(operationId = "listSeenTags", summary = "Tags of some 2000 users, by how many have them")
    List<SeenTag> tags() {
        return counted((line, seen) -> line.properties().forEach(tag -> {
            if (!tag.getKey().equals("user") && !tag.getValue().isNull()) {
                seen.merge(tag.getKey(), 1L, Long::sum);
            }
        }));
    }

    @GetMapping("/tag_values")
    @Operation(
            operationId = "listSeenTagValues",
            summary = "Values of a tag, by how many of some 2000 users have them; of a list, each of its values")
    List<SeenTag> values(@RequestParam @NotBlank @Size(max = 128) String tag) {
        return counted((line, seen) -> {
            JsonNode value = line.path(tag);
            for (JsonNode one : value.isArray() ? value : List.of(value)) {
                if (one.isValueNode() && !one.isNull()) {
                    seen.merge(one.asString(), 1L, Long::sum);
                }
            }
        });
    }

    private List<SeenTag> counted(BiConsumer<JsonNode, Map<String, Long>> count) {
        Map<String, Long> seen = new HashMap<>();
        tags.some(USERS).forEach(line -> count.accept(json.readTree(line), seen));
        return seen.entrySet().stream()
                .map(one -> new SeenTag(one.getKey(), one.getValue()))
                .sorted(Comparator.comparingLong(SeenTag::users).reversed().thenComparing(SeenTag::name))
                .limit(SUGGESTED)
                .toList();
    }

    /** A tag, or a value of one, and how many of the users that were looked at have it. */
    record SeenTag(String name, long users) {}
}
