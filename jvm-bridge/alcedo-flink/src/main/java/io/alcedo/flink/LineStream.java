package io.alcedo.flink;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of bytes, counted from 0. A line longer than the limit is cut, and says so: one broken file must not fill the
 * memory.
 */
final class LineStream implements Closeable {
    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[64 << 10];
    private int from;
    private int to;
    private byte[] line = new byte[512];
    private int length;
    private boolean cut;
    private long number = -1;

    LineStream(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** Goes to the next line; false: there is none. A last line without a line end counts, an empty rest does not. */
    boolean next() throws IOException {
        length = 0;
        cut = false;
        boolean some = false;
        while (from < to || fill()) {
            some = true;
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            append(from, end);
            from = end;
            if (end < to) {
                from++;
                break;
            }
        }
        if (some) {
            number++;
        }
        return some;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(buffer, 0, buffer.length));
        return to > 0;
    }

    private void append(int start, int end) {
        int more = Math.min(end - start, longest - length);
        cut |= more < end - start;
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.min(longest, Math.max(length + more, line.length * 2)));
        }
        System.arraycopy(buffer, start, line, length, more);
        length += more;
    }

    /** Goes over {@code lines} lines. */
    void skip(long lines) throws IOException {
        while (number + 1 < lines && next()) {
            // only counted
        }
    }

    /** A copy of the line, without its line feed. */
    byte[] bytes() {
        return Arrays.copyOf(line, length);
    }

    /** Whether the line was longer than the limit. */
    boolean cut() {
        return cut;
    }

    /** The line's number from 0. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
