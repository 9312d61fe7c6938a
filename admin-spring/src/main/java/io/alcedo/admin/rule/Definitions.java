package io.alcedo.admin.rule;

import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is said about a definition in requests. */
public final class Definitions {
    private static final int NAME = 200;

    private Definitions() {}

    /** Refuses what the engine refuses, each problem with its place in the request. */
    public static void mustBeRight(Verdict verdict) {
        if (!verdict.ok()) {
            List<FieldProblem> errors = verdict.problems().stream()
                    .map(problem -> problem.under("/definition"))
                    .toList();
            FieldProblem first = errors.get(0);
            String cure = first.cure() == null ? "" : " (" + first.cure() + ")";
            throw new ProblemException(
                    ProblemCode.RULE_REFUSED,
                    "The engine refuses the rule at " + first.path() + ": " + first.reason() + cure,
                    errors);
        }
    }

    /** Its name, or the rule's id where it has none. */
    static String name(JsonNode definition, String id) {
        String name = definition.path("name").asString("");
        if (name.length() > NAME) {
            throw ProblemException.invalid("/definition/name", "at most " + NAME + " characters");
        }
        return name.isBlank() ? id : name;
    }
}
