package io.alcedo.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Java sees when a call cannot succeed: an exception that says why, and never the end of the JVM. */
class HandleTest {
    private final RuleBook book = RuleBook.open(null);
    private final AlcedoEngine engine = AlcedoEngine.open(new EngineConfig(), book, Long.MIN_VALUE);

    @BeforeEach
    void open() {
        assertEquals(2, NativeLoader.openHandles());
    }

    @AfterEach
    void nothingIsLeftOpen() {
        engine.close();
        book.close();
        assertEquals(0, NativeLoader.openHandles());
    }

    private static void fails(String said, org.junit.jupiter.api.function.Executable call) {
        AlcedoException e = assertThrows(AlcedoException.class, call);
        assertTrue(e.getMessage().contains(said), e.getMessage());
    }

    @Test
    void aPanicIsAnExceptionAndSpoilsItsEngineOnly() {
        AlcedoPanicException panic = assertThrows(AlcedoPanicException.class, engine::panicForTest);
        assertTrue(panic.getMessage().contains("a panic on request at "), panic.getMessage());
        assertTrue(panic.getMessage().contains("exports.rs:"), panic.getMessage());
        fails("panicked earlier", engine::evaluate);
        fails("a panic on request", engine::counters);
        try (AlcedoEngine other = AlcedoEngine.open(new EngineConfig(), book, 0)) {
            assertEquals(0, other.counters().taken);
        }
    }

    @Test
    void aPanicOutsideOfAnyEngineIsAnException() {
        assertThrows(AlcedoPanicException.class, () -> Native.panicForTest(0));
        assertEquals(0, engine.counters().taken);
    }

    @Test
    void aClosedEngineSaysSoAndClosesTwice() {
        engine.close();
        engine.close();
        fails("is no open engine", engine::evaluate);
        fails("is no open engine", () -> engine.advance(5));
        fails("is no open engine", () -> engine.drain(new Silent()));
        fails("is no open rule book", () -> {
            RuleBook closed = RuleBook.open(null);
            closed.close();
            closed.encode();
        });
    }

    @Test
    void madeUpHandlesFindNothing() {
        long[] forged = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, engine.handle() + 1, engine.handle() ^ 1L << 30};
        for (long handle : forged) {
            fails("is no open engine", () -> Native.evaluate(handle));
            Native.close(handle);
        }
        fails("is no open engine", () -> Native.evaluate(book.handle()));
        fails("is no open rule book", () -> Native.bookEncode(engine.handle()));
        assertEquals(2, NativeLoader.openHandles());
    }

    @Test
    void anOldHandleDoesNotNameItsSuccessor() {
        RuleBook first = RuleBook.open(null);
        long old = first.handle();
        first.close();
        try (RuleBook second = RuleBook.open(null)) {
            fails("is no open rule book", () -> Native.bookEncode(old));
            Native.close(old);
            assertTrue(second.encode().length > 0);
        }
    }

    @Test
    void onlyDirectBuffersAreTaken() {
        fails("is not direct", () -> Native.begin(engine.handle(), ByteBuffer.allocate(64), 0));
        fails("is not direct", () -> Native.drain(engine.handle(), ByteBuffer.allocate(64)));
        fails("is null", () -> Native.begin(engine.handle(), null, 0));
        fails("is null", () -> Native.drain(engine.handle(), null));
        fails("update is null", () -> Native.bookApply(book.handle(), null));
    }

    @Test
    void aLengthBeyondTheBufferIsRefused() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        fails("holds 64 bytes, not 65", () -> Native.begin(engine.handle(), buffer, 65));
        fails("cannot be negative", () -> Native.begin(engine.handle(), buffer, -1));
        fails("cannot be negative", () -> engine.writeBack(-1));
        fails("need " + Layout.COUNTERS * Long.BYTES + " bytes", () -> Native.counters(engine.handle(), buffer));
    }

    @Test
    void bytesThatAreNoBatchAreRefusedWhole() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        fails("kind at byte 1 of batch", () -> Native.begin(engine.handle(), buffer, 64));
        assertEquals(0, engine.counters().taken);
    }

    @Test
    void oneBufferCannotBeReadAndWrittenAtOnce() {
        try (Extractor extractor = Extractor.open(null, null)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(64);
            ByteBuffer part = buffer.duplicate().position(32).slice();
            fails("share memory", () -> Native.extract(extractor.handle(), buffer, 40, part));
        }
    }

    @Test
    void twoThreadsAreToldInsteadOfMixed() throws InterruptedException {
        int threads = 4;
        CountDownLatch start = new CountDownLatch(threads);
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        Thread[] all = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            all[i] = new Thread(() -> call(start, wrong));
            all[i].start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertEquals(null, wrong.get());
        assertEquals(0, engine.counters().taken);
    }

    /** Whether two calls meet is chance; that nothing else than that message comes of it is not. */
    private void call(CountDownLatch start, AtomicReference<Throwable> wrong) {
        start.countDown();
        for (int i = 0; i < 20_000; i++) {
            try {
                Native.advance(engine.handle(), 5);
            } catch (AlcedoException e) {
                if (!e.getMessage().contains("used by two threads")) {
                    wrong.set(e);
                }
            }
        }
    }

    @Test
    void aFailedHandlerLeavesTheEngineUnusable() {
        engine.batch().event("u1", 5, 0, 0, new byte[0]);
        engine.begin();
        assertThrows(
                IllegalStateException.class,
                () -> engine.drain(new Silent() {
                    @Override
                    public void need(int token, String user) {
                        throw new IllegalStateException("the store is away");
                    }
                }));
        fails("an outcome handler failed", engine::evaluate);
    }

    @Test
    void anUnansweredNeedIsAnErrorThatNamesTheUser() {
        engine.batch().event("u-missing", 5, 0, 0, new byte[0]);
        engine.begin();
        engine.drain(new Silent());
        fails("u-missing", engine::evaluate);
    }
}
