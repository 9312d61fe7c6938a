package io.alcedo.admin.api;

import io.swagger.v3.oas.annotations.media.Schema;
import tools.jackson.databind.JsonNode;

/**
 * What is wrong at one place, in the engine's form: of a rule every word of it is the engine's.
 *
 * @param path JSON pointer into the body, or the name of a parameter
 * @param reason what is wrong
 * @param cure what to do about it; null where the reason says it
 * @param said reason and cure as the engine's phrases, for other languages: each a text with gaps and the values
 *     in them; null where the service itself says it
 */
@Schema(requiredProperties = {"path", "reason"})
public record FieldProblem(
        @Schema(example = "/measures/a/window") String path,
        String reason,
        String cure,
        @Schema(types = "object") JsonNode said) {
    /** What the service says. */
    public FieldProblem(String path, String reason, String cure) {
        this(path, reason, cure, null);
    }

    /** Whose reason says what to do. */
    public FieldProblem(String path, String reason) {
        this(path, reason, null, null);
    }

    /** The same in a place further down. */
    public FieldProblem under(String place) {
        return new FieldProblem(place + path, reason, cure, said);
    }
}
