package io.alcedo.natives;

/** The engine refused a call; the message names the place, the reason and, where there is one, the cure. */
public class AlcedoException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public AlcedoException(String message) {
        super(message);
    }

    public AlcedoException(String message, Throwable cause) {
        super(message, cause);
    }
}
