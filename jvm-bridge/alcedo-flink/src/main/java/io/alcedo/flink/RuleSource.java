package io.alcedo.flink;

import java.io.IOException;
import java.io.Serializable;

/**
 * Where the rules of a job are. Every subtask reads the first set in {@code open}, before it judges an event; after
 * that one {@link RulesWatcher} reads again and again, and sends what changed to all.
 */
public interface RuleSource extends Serializable {
    /**
     * All rules as they are now. A single document that cannot be read is still a document: its text then says why, and
     * the engine refuses it by name. An exception means that the set as a whole is not known.
     */
    RulesUpdate read() throws IOException;

    /** Lets go of connections; {@link #read} may open them again. */
    default void close() {}

    /** The place in words, for messages. */
    String describe();
}
