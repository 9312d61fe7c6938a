package io.alcedo.natives;

import java.nio.ByteBuffer;

/**
 * The native methods. Everything else in this package is a face of them.
 *
 * <p>A handle is a number that the library checks on every call; 0 names nothing. Texts cross as UTF-8 bytes, because
 * JNI's own strings are of a different encoding. A direct buffer is read or written only during a call. Call
 * {@link NativeLoader#load()} first.
 */
final class Native {
    private Native() {}

    static native String buildStamp();

    static native int[] layout();

    static native long openHandles();

    /** Bytes that the library has in use; -1 where this build does not count them. */
    static native long nativeBytes();

    /** The direct buffers for this engine have so many bytes now. */
    static native void countBuffers(long engine, long bytes);

    /** Closes what any handle names; a closed one is fine. */
    static native void close(long handle);

    /** Panics inside an engine, or outside of any with 0. */
    static native void panicForTest(long engine);

    /** {@code maxAheadMillis} -1 = no bound. */
    static native long extractorOpen(byte[] mappingJson, long maxAheadMillis);

    static native long commandExtractorOpen();

    /** Records back to back, each i64 broker time ({@link Long#MIN_VALUE} = none) | u32 length | bytes; returns the bytes written. */
    static native int extract(long extractor, ByteBuffer in, int length, ByteBuffer out);

    /** {@code maxUserBytes} -1 = the engine's own limit. */
    static native long bookOpen(byte[] stateOrNull, long maxUserBytes);

    /** Returns a JSON list of rule statuses. */
    static native byte[] bookApply(long book, byte[] update);

    static native byte[] bookEncode(long book);

    static native long membersOpen();

    static native void membersAdd(long members, byte[] piece);

    /** Takes what the members hold; {@code name} empty: no other book is to find it. */
    static native void bookAudience(long book, byte[] id, byte[] name, long members);

    /** False: no book has an audience of this name. */
    static native boolean bookShare(long book, byte[] id, byte[] name);

    /** Returns u16 length | id, back to back. */
    static native byte[] bookAudiences(long book);

    static native byte[] bookHash(long book);

    /** Returns JSON {@code {hash, audiences, report}}. */
    static native byte[] bookInfo(long book);

    /** Returns JSON; {@code at} {@link Long#MIN_VALUE} = as the state stands. */
    static native byte[] bookExplain(
            long book, byte[] rule, byte[] user, byte[] stateOrNull, long at, byte[] configJson);

    static native long engineOpen(byte[] configJson, long book, long watermark);

    /** Returns how many records were taken. */
    static native int begin(long engine, ByteBuffer in, int length);

    static native void supply(long engine, ByteBuffer in, int length);

    static native void evaluate(long engine);

    /** False: drain and call again. */
    static native boolean advance(long engine, long watermark);

    /** False: drain and call again. */
    static native boolean end(long engine, boolean fire);

    /** Returns how many users are still dirty. */
    static native int writeBack(long engine, int limit);

    /** Returns the bytes written; 0 = nothing to tell; -n = the next outcome needs a buffer of n bytes. */
    static native int drain(long engine, ByteBuffer out);

    static native void publish(long engine, long book);

    static native int counters(long engine, ByteBuffer out);

    /** Returns JSON {@code {ok, problems, warnings, report}}. */
    static native byte[] validate(byte[] ruleJson);

    /** Users as u16 length | user, back to back. */
    static native byte[] audienceOfUsers(byte[] users);

    /** Returns u16 length | id | the audience's bytes. */
    static native byte[] audienceOfTags(byte[] ruleJson, byte[] tagLines);

    static native long selectionOpen(byte[] ruleJson);

    static native void selectionAdd(long selection, byte[] tagLines);

    /** Returns u16 length | id | u64 members | u16 examples, each u16 length | user | the audience's bytes. */
    static native byte[] selectionFinish(long selection);
}
