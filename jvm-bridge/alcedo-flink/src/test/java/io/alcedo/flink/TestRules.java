package io.alcedo.flink;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rules in memory. */
final class TestRules implements RuleSource {
    private static final long serialVersionUID = 1;

    private final RulesUpdate set;

    TestRules(RulesUpdate set) {
        this.set = set;
    }

    /** A complete set of these texts. */
    static RulesUpdate all(String... texts) {
        return update(true, texts);
    }

    /** An update of these texts. */
    static RulesUpdate update(boolean complete, String... texts) {
        return new RulesUpdate(complete, new ArrayList<>(Collections.nCopies(texts.length, "test")), List.of(texts));
    }

    @Override
    public RulesUpdate read() {
        return set;
    }

    @Override
    public String describe() {
        return "the test's memory";
    }
}
