package io.alcedo.admin.intake;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.web.context.request.async.DeferredResult;

/** An answer that is given after a commit, while no thread waits for it. */
public final class Later {
    /** Beyond it, whoever asked sends again; what is written after all is then known. */
    private static final long MILLIS = 60_000;

    private Later() {}

    /** As a request's answer. */
    public static <T> DeferredResult<T> of(CompletableFuture<T> answer) {
        DeferredResult<T> result = new DeferredResult<>(
                MILLIS, () -> IntakeFilter.busy("It was not written within a minute: send it again."));
        answer.whenComplete((value, failure) -> {
            if (failure == null) {
                result.setResult(value);
            } else {
                boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                result.setErrorResult(wrapped ? failure.getCause() : failure);
            }
        });
        return result;
    }
}
