package io.alcedo.natives;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules a job knows: the highest revision of each, compiled.
 *
 * <p>After a restore the order is: {@link #open} with the kept bytes, {@link #audience} for each of {@link #audiences},
 * {@link #apply} of an update (one without documents will do): only then the rules run.
 */
public final class RuleBook extends NativeObject {
    private RuleBook(long handle) {
        super(handle);
    }

    /** Opens a book. {@code stateOrNull}: what {@link #encode} gave; null: it is empty. */
    public static RuleBook open(byte[] stateOrNull) {
        return open(stateOrNull, null);
    }

    /**
     * Opens a book that refuses, from now on, a rule which may need more than so many state bytes for one user; null:
     * the engine's own limit. Rules that run already run on.
     */
    public static RuleBook open(byte[] stateOrNull, Long maxUserBytes) {
        NativeLoader.load();
        return new RuleBook(Native.bookOpen(stateOrNull, maxUserBytes == null ? -1 : maxUserBytes));
    }

    /** Merges an update; returns what became of each rule as a JSON list of {rule, revision, source, state, problems}. */
    public String apply(RuleUpdate update) {
        return text(Native.bookApply(handle(), update.toBytes()));
    }

    /** The book as bytes, for a checkpoint. */
    public byte[] encode() {
        return Native.bookEncode(handle());
    }

    /** Brings the members of an audience, as {@link Audience} makes them; they count from the next update on. */
    public void audience(String id, byte[] members) {
        try {
            audience(id, "", new ByteArrayInputStream(members));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array has none
        }
    }

    /**
     * As {@link #audience(String, byte[])}, with the members read from a stream, which is left open. While a book has
     * them, other books of the process find them by the name; equal members are kept once, whatever their names.
     *
     * @param name tells these members from all others of the process; empty: no other book is to find them
     */
    public void audience(String id, String name, InputStream members) throws IOException {
        try (Members all = Members.of(members)) {
            Native.bookAudience(handle(), utf8(id), utf8(name), all.handle());
        }
    }

    /**
     * As {@link #audience(String, String, InputStream)}, with the members that another book has under this name.
     *
     * @return false: none has
     */
    public boolean share(String id, String name) {
        return Native.bookShare(handle(), utf8(id), utf8(name));
    }

    /** The audiences that the rules need. */
    public List<String> audiences() {
        ByteBuffer in = ByteBuffer.wrap(Native.bookAudiences(handle())).order(ByteOrder.LITTLE_ENDIAN);
        List<String> ids = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] id = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(id);
            ids.add(text(id));
        }
        return ids;
    }

    /** Names the content of what runs: equal in all subtasks that run the same rules. */
    public String hash() {
        return text(Native.bookHash(handle()));
    }

    /**
     * Why a rule fires, or does not, for a user as his state tells; JSON as docs/guide/explain.md lists it, with keys in
     * place of sentences.
     *
     * @param stateOrNull what the job's store has of him; null: nothing
     * @param atOrNull the moment, Unix ms: what waits until then is taken in first; null: as his state stands
     * @param config the mapping and dedupe of the job
     */
    public String explain(String rule, String user, byte[] stateOrNull, Long atOrNull, EngineConfig config) {
        return text(Native.bookExplain(
                handle(),
                rule.getBytes(StandardCharsets.UTF_8),
                user.getBytes(StandardCharsets.UTF_8),
                stateOrNull,
                atOrNull == null ? Long.MIN_VALUE : atOrNull,
                config.toJson().getBytes(StandardCharsets.UTF_8)));
    }

    /** What runs now, as JSON {hash, audiences, report}; the report states bounds and worst-case sizes. */
    public String info() {
        return text(Native.bookInfo(handle()));
    }

    /** Judges a rule as a publication would; JSON {ok, problems, warnings, report}. */
    public static String validate(String rule) {
        NativeLoader.load();
        return text(Native.validate(rule.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
