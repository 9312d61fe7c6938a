package io.alcedo.admin.api;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What is wrong at one place, in the engine's form: of a rule every word of it is the engine's.
 *
 * @param path JSON pointer into the body, or the name of a parameter
 * @param reason what is wrong
 * @param cure what to do about it; null where the reason says it
 */
@Schema(requiredProperties = {"path", "reason"})
public record FieldProblem(
        @Schema(example = "/measures/a/window") String path, String reason, String cure) {
    /** Whose reason says what to do. */
    public FieldProblem(String path, String reason) {
        this(path, reason, null);
    }
}
