package io.alcedo.admin.user;

import io.alcedo.admin.AdminProperties;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where an event's type and properties stand, by the mapping that jobs read events with. */
@Component
class EventWords {
    private final String type;
    private final String props;

    EventWords(JsonMapper json, AdminProperties properties) {
        String mapping = properties.events().mapping();
        JsonNode names = json.readTree(mapping.isBlank() ? "{}" : mapping);
        type = names.path("type").asString("type");
        props = names.path("props").asString("");
    }

    /** Its type; null: it has none. */
    String typeOf(JsonNode event) {
        JsonNode name = at(event, type);
        return name.isString() ? name.asString() : null;
    }

    /** All its properties. */
    JsonNode propertiesOf(JsonNode event) {
        return at(event, props);
    }

    /** One of its properties, dotted. */
    JsonNode propertyOf(JsonNode event, String path) {
        return at(propertiesOf(event), path);
    }

    private static JsonNode at(JsonNode node, String path) {
        JsonNode found = node;
        for (String name : path.isEmpty() ? new String[0] : path.split("\\.")) {
            found = found.path(name);
        }
        return found;
    }
}
