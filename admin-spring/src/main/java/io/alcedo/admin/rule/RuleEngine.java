package io.alcedo.admin.rule;

import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.natives.AlcedoException;
import io.alcedo.natives.RuleBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The engine's word on rules. No check of a rule is made anywhere else. */
@Component
public class RuleEngine {
    /** What the service says about a rule, not its author. */
    private static final Set<String> OURS = Set.of("id", "revision", "status", "published_at");

    private final JsonMapper json;

    RuleEngine(JsonMapper json) {
        this.json = json;
    }

    /** The rule as the engine reads it. */
    public ObjectNode document(String id, int revision, String status, Instant publishedAt, JsonNode definition) {
        ObjectNode document = json.createObjectNode()
                .put("id", id)
                .put("revision", revision)
                .put("status", status)
                .put("published_at", publishedAt.toString());
        definition.properties().forEach(member -> document.set(member.getKey(), member.getValue()));
        return document;
    }

    /** What the engine says about a definition, if it were published at this moment. */
    public Verdict check(String id, JsonNode definition, Instant publishedAt) {
        List<FieldProblem> problems = new ArrayList<>();
        if (!definition.isObject()) {
            problems.add(new FieldProblem("", "a rule is a JSON object", "write {\"when\": ...}"));
            return new Verdict(false, problems, List.of(), null);
        }
        for (String name : OURS) {
            if (definition.has(name)) {
                problems.add(new FieldProblem("/" + name, "the service sets it", "leave it out of the definition"));
            }
        }
        Verdict verdict = ask(document(id, 1, "live", publishedAt, definition));
        problems.addAll(verdict.problems());
        return problems.isEmpty() ? verdict : new Verdict(false, problems, verdict.warnings(), null);
    }

    private Verdict ask(ObjectNode document) {
        try {
            return json.readValue(RuleBook.validate(json.writeValueAsString(document)), Verdict.class);
        } catch (AlcedoException | LinkageError e) {
            throw new ProblemException(
                    ProblemCode.UNAVAILABLE, "The rule is not checked: the engine does not answer: " + e.getMessage());
        }
    }
}
