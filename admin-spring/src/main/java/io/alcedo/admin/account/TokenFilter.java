package io.alcedo.admin.account;

import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** {@code Authorization: Bearer <secret>}. A wrong secret is an answer of its own, not an anonymous request. */
final class TokenFilter extends OncePerRequestFilter {
    private static final String BEARER = "Bearer ";

    private final TokenService tokens;
    private final ProblemWriter problems;

    TokenFilter(TokenService tokens, ProblemWriter problems) {
        this.tokens = tokens;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        Actor actor = header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? tokens.actor(header.substring(BEARER.length()).trim())
                : null;
        if (actor == null) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            problems.write(
                    response,
                    new ProblemException(
                            ProblemCode.NOT_SIGNED_IN,
                            "The token is unknown, expired or revoked: an admin makes another."));
            return;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(SecurityConfig.authentication(actor));
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }
}
