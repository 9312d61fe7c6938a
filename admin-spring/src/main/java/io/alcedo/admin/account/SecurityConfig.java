package io.alcedo.admin.account;

import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import io.alcedo.admin.api.ConsolePages;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.ProblemWriter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Who may call what: one list, the first line that fits decides, and what no line names is refused. Two doors: requests
 * with a bearer token keep no session; all others are the browser's, with a session and a CSRF token.
 */
@Configuration
class SecurityConfig {
    /** Pages run and load nothing that is not the service's, and nobody frames them. Widths of bars are styles. */
    private static final String ONLY_OURS =
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
                    + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    @Bean
    static RoleHierarchy roleHierarchy() {
        return RoleHierarchyImpl.fromHierarchy(Role.HIERARCHY);
    }

    @Bean
    CsrfTokenRepository csrfTokenRepository() {
        CookieCsrfTokenRepository repository = CookieCsrfTokenRepository.withHttpOnlyFalse();
        repository.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
        return repository;
    }

    /** There is one way to sign in, and it is ours: without this bean Spring would generate a user of its own. */
    @Bean
    UserDetailsService noOtherUsers() {
        return name -> {
            throw new org.springframework.security.core.userdetails.UsernameNotFoundException("no such way to sign in");
        };
    }

    @Bean
    @Order(1)
    SecurityFilterChain programs(HttpSecurity http, TokenService tokens, ProblemWriter problems) throws Exception {
        http.securityMatcher(request -> request.getHeader(HttpHeaders.AUTHORIZATION) != null)
                .csrf(csrf -> csrf.disable())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new TokenFilter(tokens, problems), ExceptionTranslationFilter.class);
        return common(http, problems);
    }

    @Bean
    @Order(2)
    SecurityFilterChain browsers(
            HttpSecurity http, CsrfTokenRepository csrfTokens, AccountService accounts, ProblemWriter problems)
            throws Exception {
        http.csrf(csrf -> csrf.csrfTokenRepository(csrfTokens)
                        // As it is: answers that carry it are never compressed, so there is nothing to mask.
                        .csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler()))
                .addFilterBefore(new SessionFilter(accounts), ExceptionTranslationFilter.class);
        return common(http, problems);
    }

    private static SecurityFilterChain common(HttpSecurity http, ProblemWriter problems) throws Exception {
        return http.authorizeHttpRequests(SecurityConfig::whoMay)
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(ONLY_OURS))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER)))
                .requestCache(cache -> cache.disable())
                .formLogin(form -> form.disable())
                .httpBasic(basic -> basic.disable())
                .logout(logout -> logout.disable())
                .exceptionHandling(handling -> handling.authenticationEntryPoint(
                                (request, response, e) -> refuse(request, response, problems, notSignedIn()))
                        .accessDeniedHandler((request, response, e) -> refuse(request, response, problems, denied(e))))
                .build();
    }

    private static void refuse(
            HttpServletRequest request, HttpServletResponse response, ProblemWriter problems, ProblemException why)
            throws IOException, ServletException {
        if (ConsolePages.isLost(request)) {
            ConsolePages.showLost(request, response);
        } else {
            problems.write(response, why);
        }
    }

    private static void whoMay(
            org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer<HttpSecurity>
                            .AuthorizationManagerRequestMatcherRegistry
                    may) {
        may.dispatcherTypeMatchers(jakarta.servlet.DispatcherType.ASYNC, jakarta.servlet.DispatcherType.ERROR)
                .permitAll()
                .requestMatchers(EndpointRequest.to("health"))
                .permitAll()
                .requestMatchers(EndpointRequest.toAnyEndpoint())
                .hasAnyRole("ADMIN", "ENGINE")
                .requestMatchers(GET, "/openapi", "/openapi/**", "/openapi.yaml", "/swagger-ui/**")
                .permitAll()
                .requestMatchers(GET, ConsolePages.PAGES)
                .permitAll()
                .requestMatchers(GET, ConsolePages.FILES)
                .permitAll()
                .requestMatchers("/api/session")
                .permitAll()
                .requestMatchers(PUT, "/api/session/password")
                .hasRole("VIEWER")
                .requestMatchers("/engine/**")
                .hasRole("ENGINE")
                .requestMatchers("/api/accounts/**", "/api/tokens/**")
                .hasRole("ADMIN")
                .requestMatchers(DELETE, "/api/jobs/**")
                .hasRole("ADMIN")
                .requestMatchers(POST, "/api/workspaces/**")
                .hasRole("ADMIN")
                .requestMatchers(PUT, "/api/workspaces/**")
                .hasRole("ADMIN")
                .requestMatchers(GET, "/api/audit")
                .hasRole("APPROVER")
                .requestMatchers(POST, "/api/rules/*/approve", "/api/rules/*/reject")
                .hasRole("APPROVER")
                .requestMatchers(GET, "/api/**")
                .hasRole("VIEWER")
                .requestMatchers(POST, "/api/**")
                .hasRole("EDITOR")
                .requestMatchers(PUT, "/api/**")
                .hasRole("EDITOR")
                .requestMatchers(DELETE, "/api/**")
                .hasRole("EDITOR")
                .anyRequest()
                .denyAll();
    }

    private static ProblemException notSignedIn() {
        return new ProblemException(
                ProblemCode.NOT_SIGNED_IN,
                "Sign in at /api/session, or send a token: Authorization: Bearer alcedo_...");
    }

    private static ProblemException denied(Exception e) {
        return e instanceof CsrfException
                ? new ProblemException(
                        ProblemCode.CSRF_TOKEN_MISSING,
                        "Send the CSRF token along that GET /api/session answers with, in the header it names.")
                : new ProblemException(ProblemCode.FORBIDDEN, "This needs another role than yours.");
    }

    /** An actor as Spring Security carries it. */
    static Authentication authentication(Actor actor) {
        return UsernamePasswordAuthenticationToken.authenticated(
                actor, null, List.of(new SimpleGrantedAuthority("ROLE_" + actor.role())));
    }

    /** Whether nobody has signed in. */
    static boolean isAnonymous(Authentication authentication) {
        return authentication == null || authentication instanceof AnonymousAuthenticationToken;
    }
}
