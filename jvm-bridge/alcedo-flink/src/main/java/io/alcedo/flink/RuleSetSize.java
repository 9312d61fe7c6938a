package io.alcedo.flink;

import java.io.IOException;

/** Adds up a set of rules while it is read, and stops before it is too large for a subtask to hold. */
final class RuleSetSize {
    /** Characters that a set may hold together: more is a wrong place, and the engine takes no larger update. */
    static final long CHARACTERS = 16L << 20;

    static final int DOCUMENTS = 50_000;

    private final String place;
    private final String cure;
    private final int times;
    private long characters;
    private int documents;

    /** {@code place} in words, and what to do about a set that is too large. */
    RuleSetSize(String place, String cure) {
        this(place, cure, 1);
    }

    /** So many times as much: while it is read, a set may pass through what it will not hold in the end. */
    RuleSetSize(String place, String cure, int times) {
        this.place = place;
        this.cure = cure;
        this.times = times;
    }

    /** What stops it. */
    static final class Exceeded extends IOException {
        private static final long serialVersionUID = 1;

        private Exceeded(String message) {
            super(message);
        }
    }

    /** A text that is no longer in the set. */
    void remove(String text) {
        characters -= text.length();
        documents--;
    }

    void add(String text) throws Exceeded {
        characters += text.length();
        documents++;
        if (characters > times * CHARACTERS || documents > (long) times * DOCUMENTS) {
            throw new Exceeded(place + " holds more than a set of rules may: at most " + (long) times * DOCUMENTS
                    + " documents of " + times * CHARACTERS + " characters together"
                    + (times > 1 ? ", compacted or not; " : "; ") + cure);
        }
    }
}
