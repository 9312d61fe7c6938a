package io.alcedo.admin.intake;

import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Rows of many requests, written by one thread: what waits when it is free is one transaction, so a commit is paid once
 * for all of it, and no two transactions of this process wait for each other. A request is answered after its commit.
 *
 * <p>Each row has a key, and a key that is known is not written again. Rows are inserted as if they were all new, which
 * most are; only where one was not, the known ones are asked for, and again as long as repeats come.
 */
public final class GroupCommit<T> implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    /** Rows of one transaction, unless one request has more. */
    static final int GROUP = 10_000;
    /** Rows that wait at most, unless one request has more: some seconds of a database that is slow. */
    static final int WAITING = 50_000;

    private static final int ASKED_AT_ONCE = 500;
    private static final int TRIES = 8;
    private static final long STOP_MILLIS = 20_000;

    private final String name;
    private final Table<T> table;
    private final TransactionTemplate transaction;
    private final ArrayDeque<Request<T>> waiting = new ArrayDeque<>();
    private int rowsWaiting;
    private boolean running;
    private Thread writer;
    /** Of the writer alone. */
    private boolean repeats;

    /** For a table; {@code name} is its thread's. */
    public GroupCommit(String name, Table<T> table, PlatformTransactionManager transactions) {
        this.name = name;
        this.table = table;
        transaction = new TransactionTemplate(transactions);
        // Two instances on one MariaDB: no locks on what lies between rows.
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * Rows by their keys; the answer comes after the commit and has those that were not known.
     *
     * @throws ProblemException at once, where too many wait
     */
    public CompletableFuture<List<T>> take(Map<String, T> rows) {
        if (rows.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        Request<T> request = new Request<>(rows, new CompletableFuture<>());
        synchronized (waiting) {
            if (!running) {
                throw new ProblemException(ProblemCode.UNAVAILABLE, "The service stops: send this again.")
                        .retryAfter(Duration.ofSeconds(5));
            }
            if (rowsWaiting > 0 && rowsWaiting + rows.size() > WAITING) {
                throw busy();
            }
            rowsWaiting += rows.size();
            waiting.add(request);
            waiting.notifyAll();
        }
        return request.answer();
    }

    private void run() {
        for (List<Request<T>> group = next(); !group.isEmpty(); group = next()) {
            commit(group);
        }
    }

    /** What waits, up to a bound; empty: it was stopped and nothing waits. */
    private List<Request<T>> next() {
        synchronized (waiting) {
            while (waiting.isEmpty() && running) {
                try {
                    waiting.wait();
                } catch (InterruptedException e) {
                    LOG.warn("{} does not end before what waits is written", name);
                }
            }
            List<Request<T>> group = new ArrayList<>();
            int rows = 0;
            while (!waiting.isEmpty()
                    && (group.isEmpty() || rows + waiting.peek().rows().size() <= GROUP)) {
                Request<T> request = waiting.remove();
                rows += request.rows().size();
                group.add(request);
            }
            return group;
        }
    }

    private void commit(List<Request<T>> group) {
        Map<String, T> rows = new TreeMap<>();
        // A row that came in several requests of one transaction is added by the first of them.
        List<List<String>> own = new ArrayList<>();
        for (Request<T> request : group) {
            List<String> keys = new ArrayList<>();
            request.rows().forEach((key, row) -> {
                if (rows.putIfAbsent(key, row) == null) {
                    keys.add(key);
                }
            });
            own.add(keys);
        }
        try {
            Set<String> known = write(rows);
            for (int i = 0; i < group.size(); i++) {
                List<T> added = own.get(i).stream()
                        .filter(key -> !known.contains(key))
                        .map(rows::get)
                        .toList();
                done(group.get(i)).complete(added);
            }
        } catch (DataIntegrityViolationException e) {
            if (group.size() > 1) {
                // One of them has what the database refuses: the others shall not suffer for it.
                group.forEach(request -> commit(List.of(request)));
            } else {
                LOG.warn("{}: the database refuses a batch", name);
                done(group.get(0))
                        .completeExceptionally(new ProblemException(
                                ProblemCode.DATA_REFUSED, "The database cannot keep a line of this batch."));
            }
        } catch (Throwable e) { // the thread lives on, whatever it was
            RuntimeException told = told(e);
            group.forEach(request -> done(request).completeExceptionally(told));
        }
    }

    private CompletableFuture<List<T>> done(Request<T> request) {
        synchronized (waiting) {
            // Once: what fails while others are being answered comes by here again.
            rowsWaiting -= request.answer().isDone() ? 0 : request.rows().size();
        }
        return request.answer();
    }

    /** Another instance may bring the same at the same time: one of the two is undone, and finds it known. */
    private Set<String> write(Map<String, T> rows) {
        for (int i = 1; ; i++) {
            try {
                Set<String> known = transaction.execute(status -> insert(rows));
                repeats = !known.isEmpty();
                return known;
            } catch (DuplicateKeyException e) {
                if (repeats && i >= TRIES) {
                    throw busy();
                }
                if (repeats) {
                    pause(i);
                }
                repeats = true;
            } catch (PessimisticLockingFailureException | QueryTimeoutException e) {
                if (i >= TRIES) {
                    throw busy();
                }
                pause(i);
            }
        }
    }

    private Set<String> insert(Map<String, T> rows) {
        Set<String> known = new HashSet<>();
        if (repeats) {
            List<String> keys = List.copyOf(rows.keySet());
            for (int i = 0; i < keys.size(); i += ASKED_AT_ONCE) {
                known.addAll(table.known(keys.subList(i, Math.min(keys.size(), i + ASKED_AT_ONCE))));
            }
        }
        List<T> added = new ArrayList<>(rows.size());
        rows.forEach((key, row) -> {
            if (!known.contains(key)) {
                added.add(row);
            }
        });
        if (!added.isEmpty()) {
            table.insert(added);
        }
        return known;
    }

    private static void pause(int tries) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(Math.min(20L << tries, 500)));
        } catch (InterruptedException e) {
            LOG.warn("a pause before another try was cut short");
        }
    }

    private RuntimeException told(Throwable e) {
        if (e instanceof ProblemException problem) {
            return problem;
        }
        LOG.warn("{}: rows could not be written: {}", name, e.getClass().getSimpleName());
        if (e instanceof TransactionException || e instanceof DataAccessException) {
            return new ProblemException(ProblemCode.UNAVAILABLE, "The database does not take it now: send it again.")
                    .retryAfter(Duration.ofSeconds(5));
        }
        return new ProblemException(ProblemCode.INTERNAL, "The service failed; nothing of this batch was kept.");
    }

    private static ProblemException busy() {
        return IntakeFilter.busy("More lines come than can be written: send these again in a second.");
    }

    @Override
    public void start() {
        synchronized (waiting) {
            running = true;
            writer = new Thread(this::run, name);
            writer.setDaemon(true); // a service that fails to start ends
            writer.start();
        }
    }

    /** What waits is written first. */
    @Override
    public void stop() {
        Thread last;
        synchronized (waiting) {
            running = false;
            last = writer;
            waiting.notifyAll();
        }
        try {
            last.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        synchronized (waiting) {
            return running;
        }
    }

    /** Before the web server starts, and stopped after it: its last requests are answered. */
    @Override
    public int getPhase() {
        return 0;
    }

    /** Where rows go; called within a transaction. */
    public interface Table<T> {
        /** Which of these keys are there; a few hundred. */
        List<String> known(List<String> keys);

        /** Rows in the order of their keys; one that is there is a {@link DuplicateKeyException}. */
        void insert(List<T> rows);
    }

    private record Request<T>(Map<String, T> rows, CompletableFuture<List<T>> answer) {}
}
