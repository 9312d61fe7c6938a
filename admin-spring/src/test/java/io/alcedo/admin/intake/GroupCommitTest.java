package io.alcedo.admin.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;

/** What waits is written together, and each hears of his own. */
class GroupCommitTest {
    private final Memory memory = new Memory();
    private final GroupCommit<Integer> writer = new GroupCommit<>("tested", memory, memory);

    @BeforeEach
    void start() {
        writer.start();
    }

    @AfterEach
    void stop() {
        memory.gate.release(1_000_000);
        writer.stop();
    }

    @Test
    void whatWaitsIsOneTransactionAndARepeatCountsOnce() throws InterruptedException {
        CompletableFuture<List<Integer>> first = writer.take(rows(0, 10));
        memory.waitUntilOneIsInside();
        List<CompletableFuture<List<Integer>>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(writer.take(rows(i * 5, i * 5 + 10)));
        }
        assertFalse(first.isDone(), "answered before its commit");
        memory.gate.release(1_000_000);
        assertEquals(10, first.join().size());
        assertEquals(95, others.stream().mapToInt(each -> each.join().size()).sum());
        assertEquals(105, memory.rows.size());
        // The first alone; all others, which had repeats; these again, asking what is known.
        assertEquals(3, memory.begun);
        assertEquals(2, memory.commits);
    }

    @Test
    void whereTooManyWaitOneIsToldAtOnceAndSendsAgain() throws InterruptedException {
        CompletableFuture<List<Integer>> first = writer.take(rows(0, 1));
        memory.waitUntilOneIsInside();
        CompletableFuture<List<Integer>> second = writer.take(rows(1, GroupCommit.WAITING));
        ProblemException refused = assertThrows(ProblemException.class, () -> writer.take(rows(-10, 0)));
        assertEquals(ProblemCode.BUSY, refused.code());
        memory.gate.release(1_000_000);
        assertEquals(1, first.join().size());
        assertEquals(GroupCommit.WAITING - 1, second.join().size());
        assertEquals(10, writer.take(rows(-10, 0)).join().size());
        assertEquals(GroupCommit.WAITING + 10, memory.rows.size());
        // More than may wait, where nothing waits: it is taken, or it never would be.
        int many = GroupCommit.WAITING + 1;
        assertEquals(many, writer.take(rows(-10 - many, -10)).join().size());
    }

    @Test
    void aStopInTheMiddleOfABatchWritesWhatWaitsAndTakesNothingMore() throws InterruptedException {
        List<CompletableFuture<List<Integer>>> answers = new ArrayList<>();
        answers.add(writer.take(rows(0, 100)));
        memory.waitUntilOneIsInside();
        for (int i = 1; i < 10; i++) {
            answers.add(writer.take(rows(i * 100, i * 100 + 100)));
        }
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(writer::stop);
        while (writer.isRunning()) {
            Thread.sleep(1);
        }
        ProblemException refused = assertThrows(ProblemException.class, () -> writer.take(rows(5_000, 5_001)));
        assertEquals(ProblemCode.UNAVAILABLE, refused.code());
        assertFalse(stopped.isDone(), "stopped before what waits was written");
        memory.gate.release(1_000_000);
        stopped.join();
        assertTrue(
                answers.stream().allMatch(each -> each.isDone() && each.join().size() == 100));
        assertEquals(1_000, memory.rows.size());
    }

    @Test
    void whatTheDatabaseRefusesHurtsNobodyElse() throws InterruptedException {
        CompletableFuture<List<Integer>> first = writer.take(rows(0, 1));
        memory.waitUntilOneIsInside();
        CompletableFuture<List<Integer>> good = writer.take(rows(1, 10));
        CompletableFuture<List<Integer>> bad = writer.take(rows(Memory.REFUSED, Memory.REFUSED + 1));
        CompletableFuture<List<Integer>> alsoGood = writer.take(rows(10, 20));
        memory.gate.release(1_000_000);
        assertEquals(1, first.join().size());
        assertEquals(9, good.join().size());
        assertEquals(10, alsoGood.join().size());
        assertEquals(ProblemCode.DATA_REFUSED, problem(bad).code());
        assertEquals(20, memory.rows.size());
    }

    @Test
    void aDatabaseThatIsAwayIsToldAndItsReturnToo() {
        memory.gate.release(1_000_000);
        memory.away = true;
        assertEquals(ProblemCode.UNAVAILABLE, problem(writer.take(rows(0, 5))).code());
        memory.away = false;
        assertEquals(5, writer.take(rows(0, 5)).join().size());
    }

    private static ProblemException problem(CompletableFuture<?> answer) {
        CompletionException failed = assertThrows(CompletionException.class, answer::join);
        return assertInstanceOf(ProblemException.class, failed.getCause());
    }

    private static Map<String, Integer> rows(int from, int to) {
        return IntStream.range(from, to).boxed().collect(Collectors.toMap(i -> "k" + i, i -> i));
    }

    /** A table in memory that undoes what was not committed; each insert waits for the gate. */
    private static final class Memory implements GroupCommit.Table<Integer>, PlatformTransactionManager {
        static final int REFUSED = 1 << 30;

        final Semaphore gate = new Semaphore(0);
        final Map<String, Integer> rows = new HashMap<>();
        private final Map<String, Integer> open = new HashMap<>();
        private final Semaphore inside = new Semaphore(0);
        volatile boolean away;
        int begun;
        int commits;

        void waitUntilOneIsInside() throws InterruptedException {
            assertTrue(inside.tryAcquire(120, TimeUnit.SECONDS), "no insert came");
        }

        @Override
        public List<String> known(List<String> keys) {
            return keys.stream().filter(rows::containsKey).toList();
        }

        @Override
        public void insert(List<Integer> added) {
            inside.release();
            gate.acquireUninterruptibly();
            for (Integer row : added) {
                if (row == REFUSED) {
                    throw new DataIntegrityViolationException("too long");
                }
                if (rows.containsKey("k" + row)) {
                    throw new DuplicateKeyException("k" + row);
                }
                open.put("k" + row, row);
            }
        }

        @Override
        public TransactionStatus getTransaction(TransactionDefinition definition) {
            if (away) {
                throw new DataAccessResourceFailureException("away");
            }
            begun++;
            return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {
            commits++;
            rows.putAll(open);
            open.clear();
        }

        @Override
        public void rollback(TransactionStatus status) {
            open.clear();
        }
    }
}
