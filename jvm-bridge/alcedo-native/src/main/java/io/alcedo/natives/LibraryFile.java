package io.alcedo.natives;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Looks at a library before the JVM does. A file that was cut off (a full disk, a copy still under way) makes the
 * system's loader end the whole JVM with a bus error, which nobody can catch.
 */
final class LibraryFile {
    private static final int HEADER = 64;
    private static final int MAGIC = 0x464c457f;
    private static final int BITS_64 = 2;

    private LibraryFile() {}

    /** Throws where the file is no whole library for this machine. */
    static void check(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
            while (head.hasRemaining() && in.read(head) >= 0) {}
            if (head.position() < HEADER || head.getInt(0) != MAGIC) {
                throw new IOException("it is no ELF library");
            }
            if (head.get(4) != BITS_64 || head.getShort(18) != Machine.elf()) {
                throw new IOException("it is a library for another processor (ELF machine " + head.getShort(18) + ")");
            }
            // The table of sections is the last thing in the file.
            long sections = head.getLong(40);
            long end =
                    sections + (long) Short.toUnsignedInt(head.getShort(58)) * Short.toUnsignedInt(head.getShort(60));
            if (in.size() < end) {
                throw new IOException("it is cut off: " + in.size() + " of " + end + " bytes");
            }
        }
    }
}
