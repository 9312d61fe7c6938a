package io.alcedo.admin.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request that cannot be served, and why; {@link ProblemHandler} answers it. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ProblemCode code;
    private final transient List<FieldProblem> errors;
    private final transient Map<String, Object> more = new LinkedHashMap<>();
    private Duration retryAfter;

    /** Place, reason and cure in {@code detail}. */
    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of());
    }

    /** With what is wrong at which place. */
    public ProblemException(ProblemCode code, String detail, List<FieldProblem> errors) {
        super(detail);
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    /** A thing that is not there. */
    public static ProblemException notFound(String what, Object id) {
        return new ProblemException(ProblemCode.NOT_FOUND, "There is no " + what + " \"" + id + "\".");
    }

    /** One field that is wrong. */
    public static ProblemException invalid(String path, String message) {
        return new ProblemException(
                ProblemCode.INVALID_REQUEST, path + ": " + message, List.of(new FieldProblem(path, message)));
    }

    /** A member of the answer beyond those of every problem. */
    public ProblemException with(String name, Object value) {
        more.put(name, value);
        return this;
    }

    /** When it is worth trying again. */
    public ProblemException retryAfter(Duration pause) {
        retryAfter = pause;
        return this;
    }

    /** What kind of problem it is. */
    public ProblemCode code() {
        return code;
    }

    List<FieldProblem> errors() {
        return errors;
    }

    Map<String, Object> more() {
        return more;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
