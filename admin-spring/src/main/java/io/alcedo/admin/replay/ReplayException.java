package io.alcedo.admin.replay;

/** Past events cannot be judged, and why. */
public final class ReplayException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Reason and cure. */
    public ReplayException(String message) {
        super(message);
    }
}
