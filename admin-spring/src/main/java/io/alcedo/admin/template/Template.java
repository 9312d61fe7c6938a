package io.alcedo.admin.template;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A rule with holes. Wherever {@code {"hole": "name"}} stands in the definition, the value of that hole goes.
 *
 * @param group under which it is listed
 * @param definition a rule's definition without {@code name}, which comes from the template's
 */
public record Template(
        @NotNull @Pattern(regexp = "[a-z0-9._-]{1,64}") String id,
        @NotNull @Pattern(regexp = "[a-z0-9_-]{1,32}") String group,
        @NotNull @Valid Text name,
        @NotNull @Valid Text description,
        @NotNull @Valid @Size(max = 50) List<@NotNull Hole> holes,
        @NotNull @Schema(types = "object") JsonNode definition) {

    /** A text in the console's languages. */
    public record Text(
            @NotBlank @Size(max = 500) String en,
            @NotBlank @Size(max = 500) String zh) {}

    /**
     * What is asked of the author.
     *
     * @param byDefault what stands there until it is changed; the template is a right rule with all of them
     * @param min for numbers; null: no bound
     */
    public record Hole(
            @NotNull @Pattern(regexp = "[a-z][a-z0-9_]{0,31}")
            String name,

            @NotNull Type type,
            @NotNull @Valid Text label,

            @NotNull
            @com.fasterxml.jackson.annotation.JsonProperty("default")
            @Schema(
                    name = "default",
                    types = {"string", "number"},
                    description = "a text or a number")
            JsonNode byDefault,

            Double min,
            Double max) {}

    /** What kind of control asks for it, and what its value is in JSON. */
    public enum Type {
        TEXT,
        /** The name of an event type. */
        EVENT,
        /** The name of an event's property. */
        PROPERTY,
        /** The name of a user's tag. */
        TAG,
        /** {@code 15m}. */
        DURATION,
        /** RFC 3339 with an offset. */
        TIME,
        NUMBER,
        INTEGER;

        /** As it stands in JSON. */
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean takes(JsonNode value) {
            return switch (this) {
                case NUMBER -> value.isNumber();
                case INTEGER -> value.isIntegralNumber();
                default -> value.isString();
            };
        }
    }
}
