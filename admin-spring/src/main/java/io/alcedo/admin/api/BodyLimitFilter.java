package io.alcedo.admin.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * No body is read beyond what its address takes, whatever its header says. Uploads are streams and have a limit of their
 * own, which their controller holds.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class BodyLimitFilter extends OncePerRequestFilter {
    /** A rule of 100 KiB is a very large one. */
    static final long JSON_BYTES = 2 << 20;
    /** A batch of matches, events or acknowledgements, which is read whole: a job sends 1 MiB. */
    static final long BATCH_BYTES = 16L << 20;
    /** An uploaded file. */
    static final long STREAM_BYTES = 256L << 20;

    private final ProblemWriter problems;

    BodyLimitFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHeader("Content-Encoding") != null) {
            problems.write(
                    response,
                    new ProblemException(
                            ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, not compressed."));
            return;
        }
        String type = String.valueOf(request.getContentType());
        boolean stream = type.startsWith("text/csv")
                || type.startsWith("application/x-ndjson")
                || type.startsWith("application/vnd.apache.parquet")
                || type.startsWith("application/octet-stream");
        long lines = request.getServletPath().startsWith("/engine/") ? BATCH_BYTES : STREAM_BYTES;
        long limit = stream ? lines : JSON_BYTES;
        if (request.getContentLengthLong() > limit) {
            problems.write(
                    response,
                    new ProblemException(ProblemCode.TOO_LARGE, new BodyTooLargeException(limit).getMessage()));
            return;
        }
        chain.doFilter(new Limited(request, limit), response);
    }

    private static final class Limited extends HttpServletRequestWrapper {
        private final long limit;
        private ServletInputStream in;

        Limited(HttpServletRequest request, long limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (in == null) {
                in = new Counted(super.getInputStream(), limit);
            }
            return in;
        }
    }

    private static final class Counted extends ServletInputStream {
        private final ServletInputStream in;
        private final long limit;
        private long read;

        Counted(ServletInputStream in, long limit) {
            this.in = in;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int some = in.read(into, from, length);
            count(Math.max(some, 0));
            return some;
        }

        private void count(int more) throws BodyTooLargeException {
            read += more;
            if (read > limit) {
                throw new BodyTooLargeException(limit);
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
