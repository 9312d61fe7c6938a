package io.alcedo.natives;

import java.io.IOException;
import java.io.InputStream;

/** An audience on its way into native memory, piece by piece: the heap never holds it whole. */
final class Members extends NativeObject {
    private static final int PIECE = 1 << 20;

    private Members(long handle) {
        super(handle);
    }

    /** All that the stream gives. The bound is the library's: what is beyond it is neither read nor kept. */
    static Members of(InputStream encoded) throws IOException {
        Members members = new Members(Native.membersOpen());
        try {
            for (byte[] piece = encoded.readNBytes(PIECE); piece.length > 0; piece = encoded.readNBytes(PIECE)) {
                Native.membersAdd(members.handle(), piece);
            }
            return members;
        } catch (IOException | RuntimeException e) {
            members.close();
            throw e;
        }
    }
}
