package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines are counted and cut as the positions of records need it. */
class LineStreamTest {
    private static LineStream lines(String text, int longest) {
        return new LineStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), longest);
    }

    private static List<String> all(LineStream lines) throws IOException {
        List<String> all = new ArrayList<>();
        while (lines.next()) {
            all.add(lines.number() + ":" + new String(lines.bytes(), StandardCharsets.UTF_8)
                    + (lines.cut() ? "!" : ""));
        }
        return all;
    }

    @Test
    void everyLineCountsTheEmptyOnesToo() throws Exception {
        assertEquals(List.of("0:a", "1:", "2:b"), all(lines("a\n\nb\n", 100)));
    }

    @Test
    void aLastLineNeedsNoEnd() throws Exception {
        assertEquals(List.of("0:a", "1:b"), all(lines("a\nb", 100)));
        assertEquals(List.of(), all(lines("", 100)));
    }

    @Test
    void aLongLineIsCutAndTheNextIsWhole() throws Exception {
        String longest = "x".repeat(100);
        assertEquals(
                List.of("0:" + longest, "1:" + longest + "!", "2:b"),
                all(lines(longest + "\n" + longest.repeat(2000) + "\nb", 100)));
    }

    @Test
    void skippedLinesAreCounted() throws Exception {
        LineStream lines = lines("a\n\nb\nc\n", 100);
        lines.skip(3);
        assertTrue(lines.next());
        assertEquals(3, lines.number());
        assertFalse(lines.next());
    }
}
