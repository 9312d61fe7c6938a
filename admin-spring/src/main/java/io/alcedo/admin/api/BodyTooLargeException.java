package io.alcedo.admin.api;

import java.io.IOException;

/** A body beyond what its address takes; thrown while it is read, so that no more of it is. */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    /** More than so many bytes. */
    public BodyTooLargeException(long limit) {
        super("The body is larger than " + limit + " bytes, the most that this address takes: send less at once.");
    }
}
