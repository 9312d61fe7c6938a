package io.alcedo.admin.user;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was seen in the latest events, for suggestions: a word that was never seen is no error anywhere. */
@RestController
@RequestMapping("/api/seen")
@Tag(name = "names")
class SeenController {
    private static final int LATEST = 2_000;
    private static final int SUGGESTED = 100;
    private static final int DEEP = 3;

    private final EventMapper events;
    private final JsonMapper json;
    private final EventWords words;

    SeenController(EventMapper events, JsonMapper json, EventWords words) {
        this.events = events;
        this.json = json;
        this.words = words;
    }

    @GetMapping("/events")
    @Operation(operationId = "listSeenEvents", summary = "Types of the latest 2000 events, the most frequent first")
    List<Seen> types() {
        Map<String, Long> counts = new HashMap<>();
        for (JsonNode event : latest()) {
            String name = words.typeOf(event);
            if (name != null) {
                counts.merge(name, 1L, Long::sum);
            }
        }
        return sorted(counts);
    }

    @GetMapping("/properties")
    @Operation(
            operationId = "listSeenProperties",
            summary = "Properties of an event type, dotted, by how often they come")
    List<Seen> properties(@RequestParam @NotBlank @Size(max = 128) String event) {
        Map<String, Long> counts = new HashMap<>();
        for (JsonNode one : latest()) {
            if (event.equals(words.typeOf(one))) {
                collect("", words.propertiesOf(one), 1, counts);
            }
        }
        return sorted(counts);
    }

    @GetMapping("/values")
    @Operation(
            operationId = "listSeenValues",
            summary = "Values of a property of an event type, the most frequent first")
    List<Seen> values(
            @RequestParam @NotBlank @Size(max = 128) String event,
            @RequestParam @NotBlank @Size(max = 128) String property) {
        Map<String, Long> counts = new TreeMap<>();
        for (JsonNode one : latest()) {
            JsonNode value = words.propertyOf(one, property);
            if (event.equals(words.typeOf(one)) && value.isValueNode() && !value.isNull()) {
                counts.merge(value.asString(), 1L, Long::sum);
            }
        }
        return sorted(counts);
    }

    private List<JsonNode> latest() {
        return events.newest(LATEST).stream()
                .map(event -> json.readTree(event.event()))
                .toList();
    }

    private static void collect(String path, JsonNode node, int depth, Map<String, Long> counts) {
        node.properties().forEach(member -> {
            String name = path + member.getKey();
            if (member.getValue().isObject() && depth < DEEP) {
                collect(name + ".", member.getValue(), depth + 1, counts);
            } else {
                counts.merge(name, 1L, Long::sum);
            }
        });
    }

    private static List<Seen> sorted(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> new Seen(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Seen::times).reversed().thenComparing(Seen::name))
                .limit(SUGGESTED)
                .toList();
    }

    /** Something that was seen so often. */
    record Seen(String name, long times) {}
}
