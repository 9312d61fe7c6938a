package io.alcedo.admin.api;

import com.fasterxml.jackson.annotation.JsonValue;
import org.springframework.http.HttpStatus;

/** What can be wrong, by names that clients may rely on: a code never changes its meaning. */
public enum ProblemCode {
    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be read"),
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "Fields of the request are wrong"),
    NOT_SIGNED_IN(HttpStatus.UNAUTHORIZED, "Sign in first"),
    WRONG_CREDENTIALS(HttpStatus.UNAUTHORIZED, "Name or password is wrong"),
    FORBIDDEN(HttpStatus.FORBIDDEN, "Your role may not do this"),
    CSRF_TOKEN_MISSING(HttpStatus.FORBIDDEN, "The request lacks the session's CSRF token"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such thing"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This address does not take this method"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "No form of the answer is accepted"),
    VERSION_CONFLICT(HttpStatus.CONFLICT, "Somebody else changed it meanwhile"),
    ALREADY_EXISTS(HttpStatus.CONFLICT, "It exists already"),
    STATE_FORBIDS(HttpStatus.CONFLICT, "Its state does not allow this"),
    APPROVAL_NEEDED(HttpStatus.CONFLICT, "A second person must approve this revision first"),
    IN_USE(HttpStatus.CONFLICT, "It is still in use"),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "This media type is not read here"),
    RULE_REFUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The engine refuses the rule"),
    DATA_REFUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The data cannot be taken"),
    IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The idempotency key belongs to another request"),
    TOO_MANY_ATTEMPTS(HttpStatus.TOO_MANY_REQUESTS, "Too many attempts"),
    BUSY(HttpStatus.TOO_MANY_REQUESTS, "Too much at once"),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Something is wrong inside the service"),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Not available for now");

    private final HttpStatus status;
    private final String title;

    ProblemCode(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status that goes with it. */
    public HttpStatus status() {
        return status;
    }

    /** A sentence that is the same at every occurrence. */
    public String title() {
        return title;
    }

    /** As it stands in the answer: {@code version_conflict}. */
    @JsonValue
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
