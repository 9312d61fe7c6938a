package io.alcedo.flink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyedStateBackend;

/**
 * Which commands were carried out for a user: the last {@link #KEPT} ids as 16 bytes of their SHA-256, in keyed state of
 * their own. A sender that is not sure may send a command again.
 */
final class CarriedOut {
    /** Ids that are remembered of each user. */
    static final int KEPT = 32;

    private static final int BYTES = 16;

    private final KeyedStateBackend<String> keys;
    private final ValueState<byte[]> state;

    CarriedOut(KeyedStateBackend<String> keys, ValueState<byte[]> state) {
        this.keys = keys;
        this.state = state;
    }

    boolean has(String user, String id) throws IOException {
        keys.setCurrentKey(user);
        byte[] known = state.value();
        byte[] wanted = digest(id);
        for (int at = 0; known != null && at < known.length; at += BYTES) {
            if (Arrays.equals(known, at, at + BYTES, wanted, 0, BYTES)) {
                return true;
            }
        }
        return false;
    }

    void add(String user, String id) throws IOException {
        keys.setCurrentKey(user);
        byte[] known = state.value();
        int old = known == null ? 0 : Math.min(known.length, (KEPT - 1) * BYTES);
        byte[] all = new byte[old + BYTES];
        if (old > 0) {
            System.arraycopy(known, known.length - old, all, 0, old);
        }
        System.arraycopy(digest(id), 0, all, old, BYTES);
        state.update(all);
    }

    /** Nothing of the user is kept. */
    void forget(String user) {
        keys.setCurrentKey(user);
        state.clear();
    }

    private static byte[] digest(String id) {
        try {
            byte[] whole = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(whole, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
