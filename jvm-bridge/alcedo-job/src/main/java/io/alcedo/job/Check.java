package io.alcedo.job;

/** Refusals that name the option, what it is and what it must be. */
final class Check {
    private Check() {}

    static void that(boolean holds, String option, Object value, String must) {
        if (!holds) {
            throw new IllegalArgumentException(option + " is " + value + ": it must be " + must + ".");
        }
    }
}
