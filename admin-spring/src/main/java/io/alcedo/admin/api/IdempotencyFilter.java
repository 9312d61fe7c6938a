package io.alcedo.admin.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Writes that carry {@code Idempotency-Key} happen once: key, change and answer are one transaction, and the same key
 * with the same request is answered with the first answer. What failed is not remembered, so it can be tried again.
 */
@Component
class IdempotencyFilter extends OncePerRequestFilter {
    static final String HEADER = "Idempotency-Key";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");
    /** To know them again, their bodies would be kept in memory whole. */
    private static final Pattern UPLOADS = Pattern.compile("/api/(tags|data_sets|audiences/[^/]*/members)");

    private static final Set<String> WRITES = Set.of("POST", "PUT", "DELETE");
    private static final Duration REMEMBERED = Duration.ofDays(2);

    private final IdempotencyMapper answers;
    private final PlatformTransactionManager transactions;
    private final ProblemWriter problems;
    private final Clock clock;

    IdempotencyFilter(
            IdempotencyMapper answers, PlatformTransactionManager transactions, ProblemWriter problems, Clock clock) {
        this.answers = answers;
        this.transactions = transactions;
        this.problems = problems;
        this.clock = clock;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(HEADER) == null
                || !WRITES.contains(request.getMethod())
                || !request.getServletPath().startsWith("/api/")
                // A session's answer is the cookie, and a token's secret is told once.
                || request.getServletPath().startsWith("/api/session")
                || request.getServletPath().startsWith("/api/tokens");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String key = request.getHeader(HEADER);
        Principal actor = request.getUserPrincipal();
        if (actor == null) {
            chain.doFilter(request, response); // it will be refused
            return;
        }
        if (!KEY.matcher(key).matches()) {
            problems.write(response, ProblemException.invalid(HEADER, "1 to 128 visible ASCII characters"));
            return;
        }
        if (UPLOADS.matcher(request.getServletPath()).matches()) {
            problems.write(
                    response,
                    ProblemException.invalid(
                            HEADER, "an upload takes the place of what was there: send it again without this header"));
            return;
        }
        byte[] body;
        try {
            body = request.getInputStream().readAllBytes();
        } catch (BodyTooLargeException e) {
            problems.write(response, new ProblemException(ProblemCode.TOO_LARGE, e.getMessage()));
            return;
        }
        once(new Replayed(request, body), response, chain, actor.getName(), key, digest(request, body));
    }

    private void once(
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain,
            String actor,
            String key,
            String digest)
            throws ServletException, IOException {
        TransactionStatus transaction = transactions.getTransaction(new DefaultTransactionDefinition());
        try {
            answers.begin(actor, key, digest, clock.instant());
        } catch (DuplicateKeyException e) {
            transactions.rollback(transaction);
            again(response, answers.find(actor, key), digest);
            return;
        } catch (PessimisticLockingFailureException | QueryTimeoutException e) {
            transactions.rollback(transaction);
            problems.write(response, running());
            return;
        }
        ContentCachingResponseWrapper wrapped = new ContentCachingResponseWrapper(response);
        try {
            chain.doFilter(request, wrapped);
            if (wrapped.getStatus() < 400) {
                String body = new String(wrapped.getContentAsByteArray(), StandardCharsets.UTF_8);
                answers.end(actor, key, wrapped.getStatus(), wrapped.getContentType(), body);
                transactions.commit(transaction);
            }
        } finally {
            if (!transaction.isCompleted()) {
                transactions.rollback(transaction);
            }
        }
        wrapped.copyBodyToResponse();
    }

    private void again(HttpServletResponse response, IdempotencyMapper.Kept kept, String digest) throws IOException {
        if (kept == null || kept.status() == 0) {
            problems.write(response, running());
        } else if (!kept.requestSha256().equals(digest)) {
            problems.write(
                    response,
                    new ProblemException(
                            ProblemCode.IDEMPOTENCY_KEY_REUSED,
                            "This " + HEADER + " was sent with another request: make a new key for each."));
        } else {
            response.setStatus(kept.status());
            response.setContentType(kept.contentType());
            response.setHeader("Idempotency-Replayed", "true");
            response.getOutputStream().write(kept.body().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ProblemException running() {
        return new ProblemException(
                        ProblemCode.BUSY, "The same request with this " + HEADER + " is still running: try again.")
                .retryAfter(Duration.ofSeconds(1));
    }

    @Scheduled(fixedDelay = 3_600_000, initialDelay = 60_000)
    void forget() {
        answers.forget(clock.instant().minus(REMEMBERED));
    }

    private static String digest(HttpServletRequest request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String line = request.getMethod() + " " + request.getRequestURI() + "?" + request.getQueryString() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** The body was read to know the request; the controller reads it again. */
    private static final class Replayed extends HttpServletRequestWrapper {
        private final byte[] body;

        Replayed(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public jakarta.servlet.ServletInputStream getInputStream() {
            return new ByteArrayServletInputStream(body);
        }
    }
}
