package io.alcedo.admin.account;

import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.Slice;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Accounts, for admins. */
@RestController
@RequestMapping("/api/accounts")
@Tag(name = "accounts")
class AccountController {
    private final AccountService accounts;

    AccountController(AccountService accounts) {
        this.accounts = accounts;
    }

    @GetMapping
    @Operation(operationId = "listAccounts", summary = "All accounts, by name")
    Page<Account> list(@Valid @ParameterObject Slice slice) {
        return accounts.list(slice);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getAccount", summary = "One account")
    Account get(@PathVariable long id) {
        return accounts.get(id);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(operationId = "createAccount", summary = "Let somebody in")
    Account create(@Valid @RequestBody NewAccount wanted, @CurrentActor Actor actor) {
        return accounts.create(wanted.name, wanted.displayName, wanted.role, wanted.password, actor);
    }

    @PutMapping("/{id}")
    @Operation(operationId = "changeAccount", summary = "Change an account; ends its sessions")
    Account change(@PathVariable long id, @Valid @RequestBody AccountChange wanted, @CurrentActor Actor actor) {
        return accounts.change(id, wanted.version, wanted.displayName, wanted.role, wanted.enabled, actor);
    }

    @PutMapping("/{id}/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "setPassword", summary = "Give an account another password; ends its sessions")
    void password(@PathVariable long id, @Valid @RequestBody NewPassword wanted, @CurrentActor Actor actor) {
        accounts.password(id, wanted.password, actor);
    }

    record NewAccount(
            @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9._-]{0,63}")
            String name,

            @NotBlank @Size(max = 200) String displayName,
            @NotNull Role role,
            @NotNull @Size(min = 12, max = 200) String password) {}

    record AccountChange(
            @NotNull Integer version,
            @NotBlank @Size(max = 200) String displayName,
            @NotNull Role role,
            @NotNull Boolean enabled) {}

    record NewPassword(@NotNull @Size(min = 12, max = 200) String password) {}
}
