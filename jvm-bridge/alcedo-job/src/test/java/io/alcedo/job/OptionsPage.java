package io.alcedo.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes the reference of the job's options out of the classes that read them. */
final class OptionsPage {
    private static final Map<String, String> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("events", "Events");
        PARTS.put("rules", "Rules");
        PARTS.put("commands", "Commands");
        PARTS.put("engine", "Judging");
        PARTS.put("outputs", "Outputs");
    }

    private OptionsPage() {}

    static String write(CommandSpec spec) {
        StringBuilder page = new StringBuilder("# Options of the job\n\n"
                + "Generated from the classes that read the command line (`OptionsPageTest`), as `--help` is.\n\n"
                + "Durations: an integer and `ms s m h d w`. Sizes: bytes, or with `k m g`. A wrong option is an error"
                + " that names it before\nanything is submitted.\n");
        List<OptionSpec> own = new ArrayList<>(spec.options());
        spec.mixins().values().forEach(mixin -> own.removeAll(mixin.options()));
        PARTS.forEach(
                (mixin, title) -> table(page, title, spec.mixins().get(mixin).options()));
        table(page, "The job", own);
        return page.toString();
    }

    private static void table(StringBuilder page, String title, List<OptionSpec> options) {
        page.append("\n## ").append(title).append("\n\n| Option | Default | Meaning |\n| --- | --- | --- |\n");
        for (OptionSpec option : options) {
            String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            String again = option.arity().max() > 1 ? "..." : "";
            String meaning = String.join(" ", option.description());
            page.append("| `").append(cell(option.longestName() + label + again));
            page.append("` | ").append(standard(option));
            page.append(" | ").append(cell(meaning)).append(" |\n");
        }
    }

    private static String standard(OptionSpec option) {
        Object value = option.defaultValue() != null ? option.defaultValue() : option.initialValue();
        if (value == null || value instanceof Collection || value instanceof Map) {
            return "";
        }
        String text = value.toString().replaceFirst("\\.0$", "");
        return text.equals("false") ? "off" : "`" + text + "`";
    }

    /** As it stands in a table; {@code <id>} outside of code would be taken for a tag. */
    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<id>.audience", "`<id>.audience`");
    }
}
