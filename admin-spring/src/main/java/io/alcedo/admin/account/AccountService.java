package io.alcedo.admin.account;

import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Accounts: made, changed and switched off, never deleted, because revisions name them. */
@Service
public class AccountService {
    private static final String NOBODY = "nobody";

    private final AccountMapper accounts;
    private final Passwords passwords;
    private final LoginThrottle throttle;
    private final Audit audit;
    private final Clock clock;
    private final TransactionTemplate transaction;

    AccountService(
            AccountMapper accounts,
            Passwords passwords,
            LoginThrottle throttle,
            Audit audit,
            Clock clock,
            TransactionTemplate transaction) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.throttle = throttle;
        this.audit = audit;
        this.clock = clock;
        this.transaction = transaction;
    }

    /** Who this is, if the password is right; every failure looks and lasts the same. */
    Actor signIn(String name, String password, String address) {
        throttle.attempt(name, address);
        Account account = accounts.named(name);
        boolean right = passwords.matches(password, account == null ? null : account.passwordHash());
        if (!right || !account.enabled()) {
            // A name that is none may be a password in the wrong field: it is not kept.
            note(account == null ? NOBODY : account.name(), "sign_in_failed", address);
            throw new ProblemException(ProblemCode.WRONG_CREDENTIALS, "Name or password is wrong.");
        }
        throttle.succeeded(name, address);
        note(account.name(), "signed_in", address);
        return account.actor();
    }

    /** Notes that this account's session was ended by who has it. */
    void signedOut(Actor actor, String address) {
        note(actor.name(), "signed_out", address);
    }

    private void note(String name, String action, String address) {
        Actor who = new Actor(name, Role.VIEWER, null, 0);
        transaction.executeWithoutResult(
                status -> audit.note(who, action, Subject.ACCOUNT, name, null, Map.of("address", address)));
    }

    /** Whether a session of then is still good: a change of role, password or account ends it; a token has none. */
    public boolean stillHolds(Actor actor) {
        if (actor.accountId() == null) {
            return true;
        }
        Account account = accounts.find(actor.accountId());
        return account != null && account.enabled() && account.version() == actor.accountVersion();
    }

    Page<Account> list(Slice slice) {
        return Page.of(accounts.list(slice), accounts.count(), slice);
    }

    Account get(long id) {
        Account account = accounts.find(id);
        if (account == null) {
            throw ProblemException.notFound("account", id);
        }
        return account;
    }

    @Transactional
    public Account create(String name, String displayName, Role role, String password, Actor actor) {
        notForJobs(role);
        try {
            accounts.insert(name, displayName, role, passwords.hash(password), clock.instant());
        } catch (DuplicateKeyException e) {
            throw new ProblemException(
                    ProblemCode.ALREADY_EXISTS, "There is an account \"" + name + "\" already: choose another name.");
        }
        Account made = accounts.named(name);
        audit.note(actor, "account_created", Subject.ACCOUNT, name, null, Map.of("role", role));
        return made;
    }

    @Transactional
    public Account change(long id, int version, String displayName, Role role, boolean enabled, Actor actor) {
        notForJobs(role);
        List<Long> admins = accounts.lockAdmins();
        Account before = get(id);
        if ((role != Role.ADMIN || !enabled) && admins.equals(List.of(id))) {
            throw new ProblemException(
                    ProblemCode.STATE_FORBIDS, "This is the last admin: make another account admin first.");
        }
        if (accounts.update(id, version, displayName, role, enabled) == 0) {
            throw new ProblemException(
                            ProblemCode.VERSION_CONFLICT,
                            "Account \"" + before.name() + "\" was changed meanwhile: look at it again.")
                    .with("version", before.version());
        }
        audit.note(
                actor,
                "account_changed",
                Subject.ACCOUNT,
                before.name(),
                null,
                Map.of("role", role, "enabled", enabled));
        return get(id);
    }

    /** Sets another password; whoever is signed in with the account must sign in again. */
    @Transactional
    public void password(long id, String password, Actor actor) {
        Account account = get(id);
        accounts.password(id, passwords.hash(password));
        audit.note(actor, "password_set", Subject.ACCOUNT, account.name(), null, Map.of());
    }

    /** As {@link #password}, for oneself: the old one must be right. */
    @Transactional
    public Actor ownPassword(Actor actor, String old, String password, String address) {
        if (actor.accountId() == null) {
            throw new ProblemException(ProblemCode.STATE_FORBIDS, "A token has no password.");
        }
        throttle.attempt(actor.name(), address);
        if (!passwords.matches(old, get(actor.accountId()).passwordHash())) {
            throw new ProblemException(ProblemCode.WRONG_CREDENTIALS, "The old password is wrong.");
        }
        throttle.succeeded(actor.name(), address);
        password(actor.accountId(), password, actor);
        return get(actor.accountId()).actor();
    }

    private static void notForJobs(Role role) {
        if (role == Role.ENGINE) {
            throw ProblemException.invalid("/role", "the engine's role is for tokens: make one at /api/tokens");
        }
    }
}
