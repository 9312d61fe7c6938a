package io.alcedo.admin.audience;

import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;

/** Lines of an upload, none of them longer than it may be: the bound holds while a line is read, not when it is whole. */
final class BoundedLines {
    private final BufferedReader in;
    private final int longest;
    private long number;

    /**
     * Reads on from here.
     *
     * @param longest of a line, in characters
     */
    BoundedLines(BufferedReader in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** The next line without its end; null: there is none. */
    String next() throws IOException {
        number++;
        StringBuilder line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() == longest) {
                throw refused("it has more than " + longest + " characters");
            }
            line.append((char) c);
        }
        int last = line.length() - 1;
        return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
    }

    /** Which line that was, from 1. */
    long number() {
        return number;
    }

    ProblemException refused(String why) {
        return new ProblemException(
                ProblemCode.DATA_REFUSED,
                "Line " + number + ": " + why + ". Nothing of the file was taken.",
                List.of(new FieldProblem("line " + number, why)));
    }
}
