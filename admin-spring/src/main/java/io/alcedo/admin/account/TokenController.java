package io.alcedo.admin.account;

import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.Slice;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Tokens of programs, for admins. */
@RestController
@RequestMapping("/api/tokens")
@Tag(name = "accounts")
class TokenController {
    private final TokenService tokens;

    TokenController(TokenService tokens) {
        this.tokens = tokens;
    }

    @GetMapping
    @Operation(operationId = "listTokens", summary = "All tokens, revoked ones too, the oldest first")
    Page<Token> list(@Valid @ParameterObject Slice slice) {
        return tokens.list(slice);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(operationId = "createToken", summary = "Make a token; its secret is in this answer and nowhere else")
    TokenService.Made create(@Valid @RequestBody NewToken wanted, @CurrentActor Actor actor) {
        return tokens.create(wanted.name, wanted.role, wanted.expiresAt, actor);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "revokeToken", summary = "End a token's right; doing so again changes nothing")
    void revoke(@PathVariable long id, @CurrentActor Actor actor) {
        tokens.revoke(id, actor);
    }

    record NewToken(
            @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9._-]{0,63}")
            String name,

            @NotNull Role role,

            @Future @Schema(description = "null: until it is revoked")
            Instant expiresAt) {}
}
