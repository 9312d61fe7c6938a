package io.alcedo.admin.api;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.CharacterCodingException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/** Turns every exception into a {@link ProblemBody}. What nobody foresaw is logged, and tells nothing of the inside. */
@RestControllerAdvice
public class ProblemHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> foreseen(ProblemException problem) {
        HttpHeaders headers = new HttpHeaders();
        if (problem.retryAfter() != null) {
            headers.set(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(Math.max(1, problem.retryAfter().toSeconds())));
        }
        return answer(problem, headers);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException) {
                return tooLarge((BodyTooLargeException) cause);
            }
            if (cause instanceof JacksonException json) {
                String path = pointer(json);
                String message = json.getOriginalMessage().replaceAll("\\s*\\(class [^)]*\\)", "");
                return foreseen(new ProblemException(
                        ProblemCode.MALFORMED_REQUEST,
                        "The body cannot be read" + (path.isEmpty() ? "" : " at " + path) + ": " + oneLine(message),
                        path.isEmpty() ? List.of() : List.of(new FieldProblem(path, oneLine(message)))));
            }
        }
        return foreseen(new ProblemException(ProblemCode.MALFORMED_REQUEST, "The request needs a body."));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooLarge(BodyTooLargeException e) {
        return foreseen(new ProblemException(ProblemCode.TOO_LARGE, e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notUtf8(CharacterCodingException e) {
        return foreseen(new ProblemException(ProblemCode.DATA_REFUSED, "The body is no UTF-8: save it as UTF-8."));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(MethodArgumentNotValidException e) {
        List<FieldProblem> errors = new ArrayList<>();
        for (ObjectError error : e.getAllErrors()) {
            String place = error instanceof FieldError field ? field.getField() : error.getObjectName();
            errors.add(
                    new FieldProblem("/" + snake(place).replace('.', '/'), String.valueOf(error.getDefaultMessage())));
        }
        return foreseen(invalidFields(errors));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(HandlerMethodValidationException e) {
        List<FieldProblem> errors = new ArrayList<>();
        e.getParameterValidationResults().forEach(result -> result.getResolvableErrors()
                .forEach(error -> errors.add(new FieldProblem(
                        snake(String.valueOf(result.getMethodParameter().getParameterName())),
                        String.valueOf(error.getDefaultMessage())))));
        return foreseen(invalidFields(errors));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> mismatch(MethodArgumentTypeMismatchException e) {
        return foreseen(ProblemException.invalid(
                snake(e.getName()), "\"" + e.getValue() + "\" is no " + typeName(e.getRequiredType())));
    }

    @ExceptionHandler({InvalidParameterException.class, RequestRejectedException.class})
    ResponseEntity<ProblemDetail> unreadableQuery(RuntimeException e) {
        return foreseen(
                new ProblemException(ProblemCode.MALFORMED_REQUEST, "The query has a parameter that cannot be read."));
    }

    /** Two at once made the same thing: whoever tries again finds it there. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> raced(DuplicateKeyException e) {
        return foreseen(new ProblemException(
                ProblemCode.VERSION_CONFLICT, "Somebody else wrote the same at the same moment: look, and try again."));
    }

    @ExceptionHandler({PessimisticLockingFailureException.class, QueryTimeoutException.class})
    ResponseEntity<ProblemDetail> locked(DataAccessException e, HttpServletRequest request) {
        told(request, e);
        return foreseen(new ProblemException(
                        ProblemCode.BUSY, "Others were writing there too long: nothing was changed, try again.")
                .retryAfter(Duration.ofSeconds(2)));
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessResourceException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<ProblemDetail> away(RuntimeException e, HttpServletRequest request) {
        told(request, e);
        return foreseen(new ProblemException(
                        ProblemCode.UNAVAILABLE, "The database does not answer now: nothing was changed, try again.")
                .retryAfter(Duration.ofSeconds(5)));
    }

    /** A database's own words repeat what was to be written, users among it: they are no matter for a log. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> failed(DataAccessException e, HttpServletRequest request) {
        told(request, e);
        return foreseen(internal());
    }

    private static void told(HttpServletRequest request, RuntimeException e) {
        String state = "none";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                state = sql.getSQLState();
            }
        }
        LOG.error(
                "{} {} failed: {}, SQL state {}",
                request.getMethod(),
                request.getServletPath(),
                e.getClass().getSimpleName(),
                state);
    }

    private static ProblemException internal() {
        return new ProblemException(
                ProblemCode.INTERNAL, "The service failed; what it had begun is undone. Its log tells more.");
    }

    /** What Spring itself refuses: unknown addresses, methods, media types, missing parameters. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> anything(Exception e, HttpServletRequest request) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof AsyncRequestNotUsableException) {
                return null; // whoever asked has gone
            }
        }
        if (e instanceof ErrorResponse refused && refused.getStatusCode().is4xxClientError()) {
            ProblemCode code = codeOf(refused.getStatusCode());
            String detail = refused.getBody().getDetail();
            return answer(new ProblemException(code, detail == null ? code.title() : detail), refused.getHeaders());
        }
        LOG.error("{} {} failed", request.getMethod(), request.getServletPath(), e);
        return foreseen(internal());
    }

    private static ProblemException invalidFields(List<FieldProblem> errors) {
        String first = errors.isEmpty()
                ? ""
                : errors.get(0).path() + ": " + errors.get(0).reason();
        return new ProblemException(ProblemCode.INVALID_REQUEST, first, errors);
    }

    private static ProblemCode codeOf(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> ProblemCode.NOT_FOUND;
            case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
            case 406 -> ProblemCode.NOT_ACCEPTABLE;
            case 413 -> ProblemCode.TOO_LARGE;
            case 415 -> ProblemCode.UNSUPPORTED_MEDIA_TYPE;
            default -> ProblemCode.INVALID_REQUEST;
        };
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemException problem, HttpHeaders headers) {
        return ResponseEntity.status(problem.code().status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemBody.of(problem));
    }

    private static String pointer(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            String name = step.getPropertyName();
            path.append('/').append(name == null ? Integer.toString(step.getIndex()) : name);
        }
        return path.toString();
    }

    private static String typeName(Class<?> type) {
        if (type != null && type.isEnum()) {
            return "one of " + List.of(type.getEnumConstants()).toString().toLowerCase(java.util.Locale.ROOT);
        }
        return type == null ? "such value" : type.getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    private static String oneLine(String text) {
        String first = text.split("\\R", 2)[0];
        return first.length() > 300 ? first.substring(0, 300) : first;
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
    }
}
