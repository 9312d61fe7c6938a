package io.alcedo.admin.account;

import io.alcedo.admin.AdminProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * An empty database gets an account "admin" whose generated password is printed once, and a token for jobs, which is
 * written to {@code engine.token} in the data folder, readable by its owner only.
 */
@Component
class FirstStart implements ApplicationRunner {
    static final String TOKEN_FILE = "engine.token";

    /** For whoever lost the password, and has the machine. */
    static final String RESET = "alcedo.reset-admin";

    private final AccountMapper accounts;
    private final AccountService service;
    private final TokenService tokens;
    private final AdminProperties properties;

    FirstStart(AccountMapper accounts, AccountService service, TokenService tokens, AdminProperties properties) {
        this.accounts = accounts;
        this.service = service;
        this.tokens = tokens;
        this.properties = properties;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        if (arguments.containsOption(RESET)) {
            resetAdmin();
            return;
        }
        if (accounts.count() > 0) {
            return;
        }
        String password = Passwords.secret(18);
        Path file = properties.data().resolve(TOKEN_FILE);
        Files.createDirectories(properties.data());
        Files.deleteIfExists(file);
        try (var out = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            String secret =
                    tokens.create("engine", Role.ENGINE, null, Actor.SERVICE).secret();
            out.write(java.nio.ByteBuffer.wrap((secret + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        service.create("admin", "Admin", Role.ADMIN, password, Actor.SERVICE);
        // To the terminal and not to the log: logs are kept and read by others.
        System.out.println("\nFirst start. Sign in as \"admin\" with the password " + password
                + "\n(shown once; change it after signing in). Jobs use the token in " + file + "\n");
    }

    private void resetAdmin() {
        String password = Passwords.secret(18);
        Account admin = accounts.named("admin");
        if (admin == null) {
            service.create("admin", "Admin", Role.ADMIN, password, Actor.SERVICE);
        } else {
            service.change(admin.id(), admin.version(), admin.displayName(), Role.ADMIN, true, Actor.SERVICE);
            service.password(admin.id(), password, Actor.SERVICE);
        }
        System.out.println("\nThe account \"admin\" has a new password: " + password + "\n(shown once; start without --"
                + RESET + " the next time).\n");
    }
}
