package io.alcedo.bench.groovy;

import io.alcedo.bench.Rule;

/** A rule as the Groovy script that somebody would write for it. */
final class RuleScripts {
    private RuleScripts() {}

    static String of(Rule rule) {
        return switch (rule.kind()) {
            case COUNT -> count(rule);
            case SEQUENCE -> sequence(rule);
            case ABSENCE -> absence(rule);
        };
    }

    private static String count(Rule rule) {
        return "if (" + first(rule) + ") {\n"
                + "  def times = state.get('times') ?: []\n"
                + "  times.removeAll { it <= event.time - " + rule.window() + "L }\n"
                + "  times << event.time\n"
                + "  state.put('times', times)\n"
                + "  if (times.size() >= " + rule.atLeast() + ") state.fire(event.time, " + rule.cooldown() + "L)\n"
                + "}\n";
    }

    /** Each step keeps when the latest run that came so far began. */
    private static String sequence(Rule rule) {
        StringBuilder script = new StringBuilder();
        script.append("if (").append(first(rule)).append(") {\n  state.put('begun1', [event.time])\n}\n");
        int last = rule.types().length - 1;
        for (int step = 1; step <= last; step++) {
            script.append("else if (event.type == '").append(rule.types()[step]).append("') {\n");
            script.append("  def begun = state.get('begun").append(step).append("')\n");
            script.append("  if (begun && event.time - begun[0] <= ")
                    .append(rule.window())
                    .append("L) {\n");
            if (step < last) {
                script.append("    state.put('begun").append(step + 1).append("', begun)\n");
            } else {
                script.append("    state.fire(event.time, ")
                        .append(rule.cooldown())
                        .append("L)\n");
                for (int i = 1; i <= last; i++) {
                    script.append("    state.remove('begun").append(i).append("')\n");
                }
            }
            script.append("  }\n}\n");
        }
        return script.toString();
    }

    private static String absence(Rule rule) {
        return "if (" + first(rule) + ") {\n"
                + "  state.deadline(event.time + " + rule.window() + "L, " + rule.cooldown() + "L)\n"
                + "} else if (event.type == '" + rule.types()[1] + "') {\n"
                + "  state.answer(event.time)\n"
                + "}\n";
    }

    private static String first(Rule rule) {
        StringBuilder test = new StringBuilder("event.type == '" + rule.types()[0] + "'");
        for (int i = 0; i < rule.where().length; i += 2) {
            test.append(" && event.")
                    .append(field(rule.where()[i]))
                    .append(" == '")
                    .append(rule.where()[i + 1]);
            test.append("'");
        }
        return test.toString();
    }

    /** The name that a property has in {@link io.alcedo.bench.intake.Event}. */
    private static String field(String property) {
        return switch (property) {
            case "platform" -> "platform";
            case "acquisition_channel" -> "channel";
            case "user_lifecycle" -> "lifecycle";
            default -> throw new IllegalArgumentException("no field holds the property " + property);
        };
    }
}
