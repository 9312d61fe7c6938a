package io.alcedo.natives;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A set of users by its id, as bytes that a {@link RuleBook} takes and a store may keep. */
public final class Audience {
    private final String id;
    private final byte[] members;

    private Audience(String id, byte[] members) {
        this.id = id;
        this.members = members;
    }

    /**
     * The audience of these users. All ids together may take 64 MiB, each with 2 bytes more: some 4 million users.
     *
     * @throws AlcedoException for more; {@code alcedo audience} makes larger ones
     */
    public static Audience ofUsers(String id, Iterable<String> users) {
        NativeLoader.load();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String user : users) {
            byte[] name = user.getBytes(StandardCharsets.UTF_8);
            if (name.length > Layout.MAX_USER) {
                throw new AlcedoException("a user id has at most " + Layout.MAX_USER + " bytes of UTF-8, this one "
                        + name.length + ": " + user);
            }
            out.write(name.length);
            out.write(name.length >> 8);
            out.write(name, 0, name.length);
            bounded("the users of audience " + id, out.size());
        }
        return new Audience(id, Native.audienceOfUsers(out.toByteArray()));
    }

    /**
     * The users for whose tags the profile of a rule's audience holds. The tags may take 64 MiB; {@code alcedo audience}
     * takes more.
     *
     * @param rule the rule's JSON
     * @param tagLines one JSON object a line, each with the field {@code user}
     */
    public static Audience ofTags(String rule, String tagLines) {
        NativeLoader.load();
        byte[] tags = tagLines.getBytes(StandardCharsets.UTF_8);
        bounded("the tags", tags.length);
        byte[] found = Native.audienceOfTags(rule.getBytes(StandardCharsets.UTF_8), tags);
        int length = Short.toUnsignedInt(
                ByteBuffer.wrap(found).order(ByteOrder.LITTLE_ENDIAN).getShort());
        String id = new String(found, Short.BYTES, length, StandardCharsets.UTF_8);
        return new Audience(id, Arrays.copyOfRange(found, Short.BYTES + length, found.length));
    }

    /** More does not pass the seam in one piece. */
    private static void bounded(String what, int bytes) {
        if (bytes > Layout.HARD_CAP) {
            throw new AlcedoException(what + " take " + bytes + " bytes or more, the limit is " + Layout.HARD_CAP
                    + ": make this audience with `alcedo audience`, which has no such limit");
        }
    }

    /** The name by which rules know it. */
    public String id() {
        return id;
    }

    /** Its members, in the engine's own form. */
    public byte[] members() {
        return members;
    }
}
