package io.alcedo.natives;

/**
 * A defect inside the native library, caught before it could end the JVM. The object on which it happened can only be
 * closed: its memory may be half changed, so every later call on it fails.
 */
public class AlcedoPanicException extends AlcedoException {
    private static final long serialVersionUID = 1;

    public AlcedoPanicException(String message) {
        super(message);
    }
}
