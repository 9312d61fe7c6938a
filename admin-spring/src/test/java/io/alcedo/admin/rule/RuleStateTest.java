package io.alcedo.admin.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every state with every action: a dash is what is not possible. */
class RuleStateTest {
    private static final String TABLE = """
            state      edit      submit     withdraw  approve    reject   publish  pause    resume   stop     archive   restore
            draft      draft     in_review  -         -          -        live     -        -        -        archived  -
            in_review  draft     -          draft     in_review  draft    live     -        -        -        -         -
            live       live      live       live      live       live     live     paused   -        stopped  -         -
            paused     paused    paused     paused    paused     paused   live     -        live     stopped  -         -
            stopped    stopped   stopped    stopped   stopped    stopped  live     -        -        -        archived  -
            archived   -         -          -         -          -        -        -        -        -        -         draft
            """;

    @Test
    void theTableHolds() {
        List<String> expected = TABLE.lines()
                .map(line -> String.join(" ", line.trim().split("\\s+")))
                .toList();
        List<String> found = new ArrayList<>();
        StringBuilder head = new StringBuilder("state");
        for (RuleAction action : RuleAction.values()) {
            head.append(' ').append(action.text());
        }
        found.add(head.toString());
        for (RuleState state : RuleState.values()) {
            StringBuilder line = new StringBuilder(state.text());
            for (RuleAction action : RuleAction.values()) {
                line.append(' ').append(state.after(action).map(RuleState::text).orElse("-"));
            }
            found.add(line.toString());
        }
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }
}
