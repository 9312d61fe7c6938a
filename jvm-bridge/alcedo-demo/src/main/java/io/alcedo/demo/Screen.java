package io.alcedo.demo;

import io.alcedo.flink.MatchRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** What a person sees while the job runs. One for the whole JVM: subtasks take turns. */
final class Screen {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static Path directory;
    private static RuleTexts texts = new RuleTexts();
    private static long second = System.nanoTime();
    private static int shown;
    private static int hidden;

    private Screen() {}

    /** Shows matches in the words of these rules. */
    static synchronized void speakOf(Path rules) {
        directory = rules;
        texts = RuleTexts.read(rules);
    }

    /** Shows a match, but no more of them a second than a person can follow. The match itself. */
    static synchronized MatchRecord match(MatchRecord match, int mostPerSecond) throws IOException {
        long now = System.nanoTime();
        if (now - second >= SECOND) {
            sayHidden();
            second = now;
            shown = 0;
        }
        if (shown < mostPerSecond) {
            shown++;
            say(MatchLine.of(match, texts));
        } else {
            hidden++;
        }
        return match;
    }

    /** Shows what became of a rule. All subtasks say the same; the first one is shown. */
    static synchronized String status(String line) throws IOException {
        JsonNode status = JSON.readTree(line);
        if (status.path("subtask").asInt() == 0) {
            texts = RuleTexts.read(directory);
            say(what(status));
            status.path("problems").forEach(problem -> say("    " + words(problem)));
        }
        return line;
    }

    /** The last word on matches that were not shown. */
    static synchronized void sayHidden() {
        if (hidden > 0) {
            say("    ... and " + hidden + " more matches");
            hidden = 0;
        }
    }

    /** A document that is no rule has no id and no revision, but the file it came from. */
    private static String what(JsonNode status) {
        String state = status.path("state").asText();
        String rule = status.path("rule").asText("");
        if (rule.isEmpty() || rule.equals("null")) {
            return status.path("source").asText() + " is " + state;
        }
        return "rule " + rule + " revision " + status.path("revision").asText() + " is " + state + ": "
                + texts.name(rule);
    }

    private static String words(JsonNode problem) {
        String place = problem.path("path").asText();
        return (place.isEmpty() ? "" : place + ": ") + problem.path("reason").asText() + "; "
                + problem.path("cure").asText();
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
