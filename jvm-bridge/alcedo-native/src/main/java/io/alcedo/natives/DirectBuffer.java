package io.alcedo.natives;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A reused direct buffer: it grows as needed to a cap, and what one large thing made it grow to it does not keep. */
final class DirectBuffer {
    private ByteBuffer buffer = allocate(Layout.BUFFER_START);

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int capacity() {
        return buffer.capacity();
    }

    ByteBuffer get() {
        return buffer;
    }

    /** Makes room for {@code needed} bytes in all and keeps the first {@code used}. */
    ByteBuffer reserve(String what, int used, long needed) {
        if (needed > buffer.capacity()) {
            if (needed > Layout.HARD_CAP) {
                throw new AlcedoException(what + " takes " + needed + " bytes, above the cap of " + Layout.HARD_CAP
                        + ": send less at once");
            }
            ByteBuffer larger = allocate((int) Math.min(Layout.HARD_CAP, Math.max(needed, 2L * buffer.capacity())));
            ByteBuffer kept = buffer.duplicate();
            kept.position(0).limit(used);
            larger.put(kept).position(0);
            buffer = larger;
        }
        return buffer;
    }

    /** Its content is no longer needed. */
    void release() {
        if (buffer.capacity() > Layout.BUFFER_KEEP) {
            buffer = allocate(Layout.BUFFER_START);
        }
    }
}
