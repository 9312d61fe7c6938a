package io.alcedo.admin.account;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Signing in and out. The browser's first call is GET: it also sets the cookie of the CSRF token. */
@RestController
@RequestMapping("/api/session")
@Tag(name = "session")
class SessionController {
    private final AccountService accounts;
    private final CsrfTokenRepository csrf;
    private final SecurityContextRepository contexts = new HttpSessionSecurityContextRepository();

    SessionController(AccountService accounts, CsrfTokenRepository csrf) {
        this.accounts = accounts;
        this.csrf = csrf;
    }

    @GetMapping
    @Operation(operationId = "getSession", summary = "Who is signed in, if anybody; and the CSRF token to send along")
    Session get(@CurrentActor Actor actor, CsrfToken token) {
        return new Session(
                actor == null ? null : actor.name(),
                actor == null ? null : actor.role(),
                token == null ? null : token.getHeaderName(),
                token == null ? null : token.getToken());
    }

    @PostMapping
    @Operation(
            operationId = "signIn",
            summary = "Sign in; get the session again afterwards, its CSRF token is a new one")
    Session signIn(@Valid @RequestBody Credentials wanted, HttpServletRequest request, HttpServletResponse response) {
        Actor actor = accounts.signIn(wanted.name, wanted.password, request.getRemoteAddr());
        keep(actor, request, response);
        return new Session(actor.name(), actor.role(), null, null);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "signOut", summary = "Sign out")
    void signOut(@CurrentActor Actor actor, HttpServletRequest request, HttpServletResponse response) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
            if (actor != null) {
                accounts.signedOut(actor, request.getRemoteAddr());
            }
        }
        csrf.saveToken(null, request, response);
        SecurityContextHolder.clearContext();
    }

    @PutMapping("/password")
    @Operation(operationId = "changeOwnPassword", summary = "Change one's own password; ends one's other sessions")
    Session password(
            @Valid @RequestBody PasswordChange wanted,
            @CurrentActor Actor actor,
            HttpServletRequest request,
            HttpServletResponse response) {
        Actor after = accounts.ownPassword(actor, wanted.old, wanted.password, request.getRemoteAddr());
        keep(after, request, response);
        return new Session(after.name(), after.role(), null, null);
    }

    /** A new session id and a new CSRF token: neither from before the sign-in is worth anything after it. */
    private void keep(Actor actor, HttpServletRequest request, HttpServletResponse response) {
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        csrf.saveToken(null, request, response);
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(SecurityConfig.authentication(actor));
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, request, response);
    }

    record Credentials(
            @NotNull @Size(min = 1, max = 64) String name,
            @NotNull @Size(min = 1, max = 200) String password) {}

    record PasswordChange(
            @NotNull @Size(max = 200) String old,
            @NotNull @Size(min = 12, max = 200) String password) {}

    record Session(
            @Schema(description = "null: nobody is signed in")
            String name,

            Role role,

            @Schema(description = "the header that writes must carry")
            String csrfHeader,

            String csrfToken) {}
}
