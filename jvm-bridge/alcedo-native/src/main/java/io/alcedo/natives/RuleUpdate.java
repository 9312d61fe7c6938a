package io.alcedo.natives;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Rule texts on their way into a {@link RuleBook}. */
public final class RuleUpdate {
    /** It takes effect before any watermark: at the very start of a job. */
    public static final long AT_START = Long.MIN_VALUE;

    private final boolean complete;
    private final long at;
    private final List<byte[][]> documents = new ArrayList<>();

    /**
     * An update without documents yet.
     *
     * @param complete these are all the rules there are: those that a book has beyond them are stopped
     * @param at the watermark at which it takes effect, Unix ms, or {@link #AT_START}
     */
    public RuleUpdate(boolean complete, long at) {
        this.complete = complete;
        this.at = at;
    }

    /**
     * Adds a document.
     *
     * @param source where it came from, for messages
     * @param text one rule, or a list of rules, as JSON
     */
    public RuleUpdate document(String source, String text) {
        byte[] name = source.getBytes(StandardCharsets.UTF_8);
        if (name.length > 0xffff) {
            throw new IllegalArgumentException("a source's name has " + name.length + " bytes: at most 65535");
        }
        documents.add(new byte[][] {name, text.getBytes(StandardCharsets.UTF_8)});
        return this;
    }

    byte[] toBytes() {
        long size = 1 + Long.BYTES + Integer.BYTES;
        for (byte[][] document : documents) {
            size += Short.BYTES + document[0].length + Integer.BYTES + document[1].length;
        }
        if (size > Layout.HARD_CAP || documents.size() > Layout.MAX_DOCUMENTS) {
            throw new AlcedoException(
                    "an update of " + documents.size() + " documents and " + size + " bytes is above the" + " caps of "
                            + Layout.MAX_DOCUMENTS + " and " + Layout.HARD_CAP + ": publish fewer rules at once");
        }
        ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) (complete ? 1 : 0)).putLong(at).putInt(documents.size());
        for (byte[][] document : documents) {
            out.putShort((short) document[0].length).put(document[0]);
            out.putInt(document[1].length).put(document[1]);
        }
        return out.array();
    }
}
