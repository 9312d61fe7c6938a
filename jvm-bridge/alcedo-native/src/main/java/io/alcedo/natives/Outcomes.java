package io.alcedo.natives;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads outcomes out of the buffer that the library filled. */
final class Outcomes {
    private byte[] scratch = new byte[256];

    /** Tells all outcomes in the first {@code length} bytes. */
    void read(ByteBuffer in, int length, OutcomeHandler handler) {
        in.position(0).limit(length);
        try {
            while (in.hasRemaining()) {
                one(in, handler);
            }
        } finally {
            in.clear();
        }
    }

    private void one(ByteBuffer in, OutcomeHandler handler) {
        int tag = in.get();
        int end = in.getInt() + in.position();
        switch (tag) {
            case Layout.OUT_NEED:
                handler.need(in.getInt(), text(in));
                break;
            case Layout.OUT_STORE:
                store(in, handler);
                break;
            case Layout.OUT_MATCH:
                handler.match(in.getLong(), text(in), text(in), text(in, Layout.MATCH_ID_LEN), bytes(in));
                break;
            case Layout.OUT_LATE:
                late(in, handler);
                break;
            case Layout.OUT_AUDIT:
                audit(in, handler);
                break;
            case Layout.OUT_BAD:
                bad(in, handler);
                break;
            default:
                throw new AlcedoException(
                        "an outcome has the unknown tag " + tag + ": the jar is older than the library");
        }
        if (in.position() != end) {
            throw new AlcedoException(
                    "an outcome with tag " + tag + " ends at " + in.position() + " and not at " + end);
        }
    }

    private void store(ByteBuffer in, OutcomeHandler handler) {
        long arm = in.getLong();
        boolean gone = in.get() != 0;
        String user = text(in);
        byte[] state = bytes(in);
        handler.store(user, gone ? null : state, arm);
    }

    private void audit(ByteBuffer in, OutcomeHandler handler) {
        int effect = in.get();
        String user = text(in);
        handler.audit(user, effect != Layout.EFFECT_NONE, effect == Layout.EFFECT_ERASED, bytes(in));
    }

    private void late(ByteBuffer in, OutcomeHandler handler) {
        long time = in.getLong();
        int partition = in.getInt();
        long position = in.getLong();
        handler.late(text(in), time, partition, position, bytes(in));
    }

    private void bad(ByteBuffer in, OutcomeHandler handler) {
        long time = in.getLong();
        int partition = in.getInt();
        long position = in.getLong();
        handler.bad(text(in), time, partition, position, text(in), bytes(in));
    }

    private String text(ByteBuffer in) {
        return text(in, Short.toUnsignedInt(in.getShort()));
    }

    private String text(ByteBuffer in, int length) {
        if (length > scratch.length) {
            scratch = new byte[length];
        }
        in.get(scratch, 0, length);
        return new String(scratch, 0, length, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] out = new byte[in.getInt()];
        in.get(out);
        return out;
    }
}
