package io.alcedo.natives;

/**
 * Something that lives in native memory.
 *
 * <p>There is no finalizer and no cleaner: they would run on another thread, at a time nobody knows, perhaps in the
 * middle of a call, and would hide the leak that {@link NativeLoader#openHandles()} shows. Whoever opens one closes it;
 * closing twice is fine.
 */
abstract class NativeObject implements AutoCloseable {
    private long handle;

    NativeObject(long handle) {
        this.handle = handle;
    }

    /** 0 after close: the library answers it with an error that says so. */
    final long handle() {
        return handle;
    }

    @Override
    public void close() {
        long closing = handle;
        handle = 0;
        if (closing != 0) {
            Native.close(closing);
        }
    }
}
