package io.alcedo.demo;

import io.alcedo.flink.MatchRecord;
import io.alcedo.job.ReadableMatch;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** What a person sees while the job runs. One for the whole JVM: subtasks take turns. */
final class Screen {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static long second = System.nanoTime();
    private static int shown;
    private static int hidden;

    private Screen() {}

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
            say(ReadableMatch.line(match));
        } else {
            hidden++;
        }
        return match;
    }

    /** Shows what became of a rule. All subtasks say the same; the first one is shown. */
    static synchronized String status(String line) throws IOException {
        JsonNode status = JSON.readTree(line);
        if (status.path("subtask").asInt() == 0) {
            String problems = status.path("problems").isEmpty() ? "" : "  " + status.path("problems");
            say("rule " + status.path("rule").asText() + " revision "
                    + status.path("revision").asText() + " is "
                    + status.path("state").asText() + problems);
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

    private static void say(String line) {
        System.out.println(line);
    }
}
