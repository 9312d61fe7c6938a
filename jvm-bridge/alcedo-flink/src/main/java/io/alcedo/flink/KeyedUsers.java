package io.alcedo.flink;

import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * Users' states as Flink keeps them, and the moments at which Flink must bring a stored user back.
 *
 * <p>No timer is ever deleted: one that finds nothing due costs less than the bookkeeping that would find it.
 */
final class KeyedUsers {
    /** What the engine says where nothing is due. */
    private static final long NOTHING_DUE = Long.MIN_VALUE;

    private final KeyedStateBackend<String> keys;
    private final ValueState<byte[]> states;
    private final InternalTimerService<VoidNamespace> timers;

    KeyedUsers(KeyedStateBackend<String> keys, ValueState<byte[]> states, InternalTimerService<VoidNamespace> timers) {
        this.keys = keys;
        this.states = states;
        this.timers = timers;
    }

    /** A user's state, or null where there is none. */
    byte[] load(String user) throws IOException {
        keys.setCurrentKey(user);
        return states.value();
    }

    /** Keeps a user's state (null: nothing is left of it) and has it brought back at {@code due}, Unix ms. */
    void store(String user, byte[] state, long due) throws IOException {
        keys.setCurrentKey(user);
        if (state == null) {
            states.clear();
        } else {
            states.update(state);
        }
        if (due != NOTHING_DUE) {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, due);
        }
    }
}
