package io.alcedo.admin.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A body's lines, one by one: no line is kept beyond its limit, however long it is. */
public final class Lines {
    /** No broker of Kafka takes a longer record as it is shipped. */
    public static final int BYTES = 1 << 20;

    private static final int CHUNK = 64 << 10;

    private Lines() {}

    /** Calls back for each line that is not blank; numbers count all lines, from 1. Stops where it is told to. */
    public static void read(InputStream body, Each each) throws IOException {
        byte[] chunk = new byte[CHUNK];
        Line line = new Line(each);
        boolean more = true;
        for (int some = body.read(chunk); some >= 0 && more; some = body.read(chunk)) {
            int from = 0;
            for (int i = 0; i < some && more; i++) {
                if (chunk[i] == '\n') {
                    line.add(chunk, from, i - from);
                    more = line.end();
                    from = i + 1;
                }
            }
            line.add(chunk, from, some - from);
        }
        if (more) {
            line.end();
        }
    }

    /** A line's text without blanks around it; bytes that are no UTF-8 are an error, not another text. */
    public static String text(byte[] line) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(line))
                .toString()
                .strip();
    }

    /** What becomes of a line. */
    public interface Each {
        /**
         * A line that could be read, or not.
         *
         * @param text without blanks around it; null: it is wrong
         * @param wrong why it cannot be read; null: it can
         * @return whether to go on
         */
        boolean line(int number, String text, String wrong);
    }

    private static final class Line {
        private final Each each;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(CHUNK);
        private int number;
        private boolean tooLong;

        Line(Each each) {
            this.each = each;
        }

        void add(byte[] from, int offset, int length) {
            tooLong |= bytes.size() + length > BYTES;
            if (!tooLong) {
                bytes.write(from, offset, length);
            }
        }

        boolean end() {
            number++;
            boolean more = true;
            if (tooLong) {
                more = each.line(number, null, "it is longer than " + BYTES + " bytes");
            } else if (bytes.size() > 0) {
                more = tell();
            }
            bytes.reset();
            tooLong = false;
            return more;
        }

        private boolean tell() {
            String text;
            try {
                text = Lines.text(bytes.toByteArray());
            } catch (CharacterCodingException e) {
                return each.line(number, null, "it is no UTF-8");
            }
            return text.isEmpty() || each.line(number, text, null);
        }
    }
}
