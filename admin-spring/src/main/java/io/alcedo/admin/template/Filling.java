package io.alcedo.admin.template;

import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values into holes. Whether what comes out is a rule, the engine says. */
final class Filling {
    private static final String HOLE = "hole";

    private Filling() {}

    /** The definition with these values, and defaults where there are none. */
    static ObjectNode fill(Template template, Map<String, JsonNode> values, String name) {
        Map<String, JsonNode> all = new HashMap<>();
        List<FieldProblem> problems = new ArrayList<>();
        for (Template.Hole hole : template.holes()) {
            JsonNode value = values.getOrDefault(hole.name(), hole.byDefault());
            String why = wrong(hole, value);
            if (why != null) {
                problems.add(new FieldProblem("/values/" + hole.name(), why));
            }
            all.put(hole.name(), value);
        }
        for (String given : values.keySet()) {
            if (!all.containsKey(given)) {
                problems.add(new FieldProblem("/values/" + given, "the template has no such hole"));
            }
        }
        if (!problems.isEmpty()) {
            FieldProblem first = problems.get(0);
            throw new ProblemException(ProblemCode.INVALID_REQUEST, first.path() + ": " + first.reason(), problems);
        }
        ObjectNode definition = JsonNodeFactory.instance.objectNode().put("name", name);
        definition.setAll((ObjectNode) filled(template.definition(), all));
        return definition;
    }

    private static String wrong(Template.Hole hole, JsonNode value) {
        if (value == null || !hole.type().takes(value)) {
            return "it must be "
                    + (hole.type() == Template.Type.INTEGER
                            ? "an integer"
                            : "a " + hole.type().text());
        }
        if (value.isNumber() && hole.min() != null && value.asDouble() < hole.min()) {
            return "it must be at least " + hole.min();
        }
        if (value.isNumber() && hole.max() != null && value.asDouble() > hole.max()) {
            return "it must be at most " + hole.max();
        }
        return null;
    }

    private static JsonNode filled(JsonNode node, Map<String, JsonNode> values) {
        if (isHole(node)) {
            return values.get(node.path(HOLE).asString());
        }
        if (node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(member -> object.set(member.getKey(), filled(member.getValue(), values)));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(filled(element, values)));
            return array;
        }
        return node;
    }

    private static boolean isHole(JsonNode node) {
        return node.isObject() && node.size() == 1 && node.path(HOLE).isString();
    }

    /** What is wrong with a template itself: a hole that is used and not declared, or the other way round. */
    static List<FieldProblem> problemsOf(Template template) {
        Set<String> used = new TreeSet<>();
        used(template.definition(), used);
        List<FieldProblem> problems = new ArrayList<>();
        if (!template.definition().isObject()) {
            problems.add(new FieldProblem("/definition", "it must be an object"));
        }
        Set<String> declared = new TreeSet<>();
        for (int i = 0; i < template.holes().size(); i++) {
            String name = template.holes().get(i).name();
            if (!declared.add(name)) {
                problems.add(new FieldProblem("/holes/" + i, "\"" + name + "\" is declared twice"));
            } else if (!used.remove(name)) {
                problems.add(new FieldProblem("/holes/" + i, "the definition does not use \"" + name + "\""));
            }
        }
        used.forEach(name -> problems.add(new FieldProblem("/holes", "\"" + name + "\" is not declared")));
        return problems;
    }

    private static void used(JsonNode node, Set<String> names) {
        if (isHole(node)) {
            names.add(node.path(HOLE).asString());
        }
        node.forEach(child -> used(child, names));
    }
}
