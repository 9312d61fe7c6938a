package io.alcedo.admin.intake;

import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.ProblemWriter;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A batch gets its place before a byte of its body is read, and keeps it until it is answered; where there is none, 429 is
 * answered at once. Behind the filters that know who asks: a stranger takes no place.
 */
@Component
class IntakeFilter extends OncePerRequestFilter {
    /** What a body may have that does not tell its length; the limit of all batches. */
    private static final long UNTOLD = 16L << 20;

    private final IntakePlaces places;
    private final ProblemWriter problems;

    IntakeFilter(IntakePlaces places, ProblemWriter problems) {
        this.places = places;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST") || !request.getServletPath().startsWith("/engine/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long told = request.getContentLengthLong();
        long bytes = told < 0 ? UNTOLD : told;
        if (!places.take(bytes)) {
            problems.write(response, busy("More batches come than can be read at once: send this one again."));
            return;
        }
        boolean later = false;
        try {
            chain.doFilter(request, response);
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new Release(bytes));
                later = true;
            }
        } finally {
            if (!later) {
                places.give(bytes);
            }
        }
    }

    static ProblemException busy(String detail) {
        return new ProblemException(ProblemCode.BUSY, detail).retryAfter(Duration.ofSeconds(1));
    }

    private final class Release implements AsyncListener {
        private final long bytes;

        Release(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            places.give(bytes);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // completed next
        }

        @Override
        public void onError(AsyncEvent event) {
            // completed next
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this); // a new start forgets its listeners
        }
    }
}
