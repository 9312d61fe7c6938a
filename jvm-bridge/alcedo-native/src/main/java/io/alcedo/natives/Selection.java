package io.alcedo.natives;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The users for whose tags the profile of a rule's audience holds, found piece by piece. */
public final class Selection extends NativeObject {
    private Selection(long handle) {
        super(handle);
    }

    /** By the profile of this rule's audience; a rule without one is refused. */
    public static Selection open(String rule) {
        NativeLoader.load();
        return new Selection(Native.selectionOpen(rule.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Asks about more users.
     *
     * @param tagLines one JSON object a line, each with the field {@code user}; at most 64 MiB at once
     */
    public void add(String tagLines) {
        Native.selectionAdd(handle(), tagLines.getBytes(StandardCharsets.UTF_8));
    }

    /** Who was selected, once: a second call finds nobody. */
    public Selected finish() {
        ByteBuffer in = ByteBuffer.wrap(Native.selectionFinish(handle())).order(ByteOrder.LITTLE_ENDIAN);
        String id = text(in);
        long users = in.getLong();
        int examples = Short.toUnsignedInt(in.getShort());
        List<String> names = new ArrayList<>(examples);
        for (int i = 0; i < examples; i++) {
            names.add(text(in));
        }
        byte[] members = new byte[in.remaining()];
        in.get(members);
        return new Selected(id, users, names, members);
    }

    private static String text(ByteBuffer in) {
        byte[] text = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** An audience with its size and the first of its users. */
    public static final class Selected {
        private final String id;
        private final long users;
        private final List<String> examples;
        private final byte[] members;

        private Selected(String id, long users, List<String> examples, byte[] members) {
            this.id = id;
            this.users = users;
            this.examples = List.copyOf(examples);
            this.members = members;
        }

        /** The name by which rules know it. */
        public String id() {
            return id;
        }

        /** How many users it has. */
        public long users() {
            return users;
        }

        /** Up to 20 of them, the first that were found. */
        public List<String> examples() {
            return examples;
        }

        /** Its members, in the engine's own form. */
        public byte[] members() {
            return members;
        }
    }
}
