package io.alcedo.bench.handwritten;

import java.util.Arrays;

/** What is remembered of a user: for each rule that he touched a few longs, found by the rule's number. */
final class UserState {
    /** A slot that is empty: no time. */
    static final long NONE = Long.MIN_VALUE;

    /** When the earliest timer fires that is set for him; {@link #NONE} if there is none. */
    long armed = NONE;

    /** The earliest deadline that was opened since a timer was last thought of; no part of what is kept. */
    long soonest = Long.MAX_VALUE;

    int size;
    int[] rules = new int[4];
    long[][] slots = new long[4][];

    /** The rule's longs, or null where the user has not touched it. */
    long[] get(int rule) {
        int at = Arrays.binarySearch(rules, 0, size, rule);
        return at < 0 ? null : slots[at];
    }

    /** Keeps a rule's longs. */
    void put(int rule, long[] slot) {
        int at = Arrays.binarySearch(rules, 0, size, rule);
        if (at >= 0) {
            slots[at] = slot;
            return;
        }
        at = -at - 1;
        if (size == rules.length) {
            rules = Arrays.copyOf(rules, size * 2);
            slots = Arrays.copyOf(slots, size * 2);
        }
        System.arraycopy(rules, at, rules, at + 1, size - at);
        System.arraycopy(slots, at, slots, at + 1, size - at);
        rules[at] = rule;
        slots[at] = slot;
        size++;
    }

    UserState copy() {
        UserState copy = new UserState();
        copy.armed = armed;
        copy.size = size;
        copy.rules = rules.clone();
        copy.slots = slots.clone();
        for (int i = 0; i < size; i++) {
            copy.slots[i] = slots[i].clone();
        }
        return copy;
    }
}
