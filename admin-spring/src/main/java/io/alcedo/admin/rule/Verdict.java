package io.alcedo.admin.rule;

import io.alcedo.admin.api.FieldProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What the engine says about a rule.
 *
 * @param ok it could be published
 * @param problems what must be mended
 * @param warnings legal, and probably not meant
 * @param report the compile report; null if there are problems
 */
@Schema(requiredProperties = {"ok", "problems", "warnings"})
public record Verdict(
        boolean ok,
        List<FieldProblem> problems,
        List<FieldProblem> warnings,
        @Schema(types = "object") JsonNode report) {}
