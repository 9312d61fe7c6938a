package io.alcedo.admin.account;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/** Argon2id with 16 MiB, two passes and a salt for each password; and secrets that nobody chose. */
@Component
class Passwords {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int PLACES = 4;

    private final Semaphore places = new Semaphore(PLACES, true);
    private final Argon2PasswordEncoder argon2 = Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8();
    /** What a name that does not exist is compared with, so that it costs the same time. */
    private final String nobody = argon2.encode(secret(18));

    String hash(String password) {
        return inPlace(() -> argon2.encode(password));
    }

    boolean matches(String password, String hashOrNull) {
        boolean equal = inPlace(() -> argon2.matches(password, hashOrNull == null ? nobody : hashOrNull));
        return equal && hashOrNull != null;
    }

    /** Anybody may ask for it without signing in, and each costs 16 MiB. */
    private <T> T inPlace(Supplier<T> work) {
        places.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            places.release();
        }
    }

    /** Random bytes as text. */
    static String secret(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
