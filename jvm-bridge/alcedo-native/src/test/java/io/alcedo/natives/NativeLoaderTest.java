package io.alcedo.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library in class loaders of their own, as each job of a cluster has one. */
class NativeLoaderTest {
    @TempDir
    Path folder;

    @AfterEach
    void unset() {
        System.clearProperty(NativeLoader.PATH_PROPERTY);
    }

    private static Path classes() {
        try {
            return Paths.get(NativeLoader.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sees these classes and the logging facade, and not the test's own copy of the engine. */
    private static URLClassLoader job(Path... places) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path place : places) {
            urls.add(place.toUri().toURL());
        }
        urls.add(Logger.class.getProtectionDomain().getCodeSource().getLocation());
        urls.add(LoggerFactory.getILoggerFactory()
                .getClass()
                .getProtectionDomain()
                .getCodeSource()
                .getLocation());
        return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    private static Object call(ClassLoader job, String name) throws Throwable {
        Method method = job.loadClass(NativeLoader.class.getName()).getMethod(name);
        try {
            return method.invoke(null);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static String failure(ClassLoader job) {
        Throwable first = assertThrows(Throwable.class, () -> call(job, "load"));
        assertEquals(AlcedoException.class.getName(), first.getClass().getName());
        Throwable second = assertThrows(Throwable.class, () -> call(job, "load"));
        assertEquals(first.getMessage(), second.getMessage(), "the second caller reads the same reason");
        return first.getMessage();
    }

    @Test
    void twoJobsOfOneJvmBothRunAndDoNotShareHandles() throws Throwable {
        try (URLClassLoader one = job(classes());
                URLClassLoader two = job(classes())) {
            Object inOne = openBook(one);
            Object inTwo = openBook(two);
            assertNotSame(inOne.getClass(), inTwo.getClass());
            assertEquals(1L, call(one, "openHandles"));
            ((AutoCloseable) inOne).close();
            assertEquals(0L, call(one, "openHandles"));
            assertEquals(1L, call(two, "openHandles"));
            ((AutoCloseable) inTwo).close();
            assertEquals(0L, call(two, "openHandles"));
        }
    }

    private static Object openBook(ClassLoader job) throws Exception {
        Method open = job.loadClass(RuleBook.class.getName()).getMethod("open", byte[].class);
        return open.invoke(null, (Object) null);
    }

    /** The thread's context loader may be of another job, or of none: the caller must be able to catch what is thrown. */
    @Test
    void anExceptionIsOfTheCallersOwnClassLoader() throws Throwable {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader job = job(classes())) {
            Thread.currentThread().setContextClassLoader(NativeLoaderTest.class.getClassLoader());
            Method open = job.loadClass(RuleBook.class.getName()).getMethod("open", byte[].class);
            InvocationTargetException e =
                    assertThrows(InvocationTargetException.class, () -> open.invoke(null, (Object) new byte[] {1}));
            assertSame(
                    job.loadClass(AlcedoException.class.getName()), e.getCause().getClass());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void theCopyGoesWithItsClassLoaderAndLeavesNoFile() throws Throwable {
        System.gc();
        long before = mapped();
        WeakReference<ClassLoader> gone = loadAndForget(before);
        for (int i = 0; i < 50 && (gone.get() != null || mapped() > before); i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertEquals(null, gone.get());
        assertTrue(mapped() <= before, mapped() + " copies are left, " + before + " were there before");
        String ours = "alcedo-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(Paths.get(System.getProperty("java.io.tmpdir")))) {
            List<Path> left = files.filter(file -> file.getFileName().toString().startsWith(ours))
                    .collect(Collectors.toList());
            assertEquals(List.of(), left, "a library is unlinked as soon as it is loaded");
        }
    }

    private static WeakReference<ClassLoader> loadAndForget(long before) throws Throwable {
        try (URLClassLoader job = job(classes())) {
            ((AutoCloseable) openBook(job)).close();
            // A panic must leave nothing behind that holds the library.
            Method panic = job.loadClass(Native.class.getName()).getDeclaredMethod("panicForTest", long.class);
            panic.setAccessible(true);
            assertThrows(InvocationTargetException.class, () -> panic.invoke(null, 0L));
            assertTrue(mapped() > 0);
            return new WeakReference<>(job);
        }
    }

    /** Copies of the library in this process's memory. */
    private static long mapped() throws IOException {
        try (Stream<String> lines = Files.lines(Paths.get("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("/alcedo-") && line.contains("r-xp"))
                    .count();
        }
    }

    @Test
    void anotherBuildIsRefusedWithBothStampsAndTheCure() throws Throwable {
        Path jar = copyOf(classes());
        Files.write(jar.resolve("native/linux-x86_64/alcedo_jni.stamp"), "0.0.9+0123".getBytes(StandardCharsets.UTF_8));
        try (URLClassLoader job = job(jar)) {
            String why = failure(job);
            assertTrue(why.contains("0.0.9+0123"), why);
            assertTrue(why.contains(NativeLoader.buildStamp()), why);
            assertTrue(why.contains("make native"), why);
        }
    }

    @Test
    void aJarWithoutALibrarySaysWhatItLooksFor() throws Throwable {
        Path jar = copyOf(classes());
        Files.delete(jar.resolve("native/linux-x86_64/libalcedo_jni.so"));
        try (URLClassLoader job = job(jar)) {
            String why = failure(job);
            assertTrue(why.contains("Linux amd64 with glibc"), why);
            assertTrue(why.contains("native/linux-x86_64/libalcedo_jni.so in the jar"), why);
            assertTrue(why.contains("-Dalcedo.native.path=FILE"), why);
        }
    }

    @Test
    void eachProcessorHasALibraryOfItsOwn() throws Throwable {
        String processor = System.getProperty("os.arch");
        System.setProperty("os.arch", "aarch64");
        try {
            Path jar = copyOf(classes());
            Path library = jar.resolve("native/linux-aarch64/libalcedo_jni.so");
            Files.deleteIfExists(library);
            try (URLClassLoader job = job(jar)) {
                String why = failure(job);
                assertTrue(why.contains("native/linux-aarch64/libalcedo_jni.so in the jar"), why);
                assertTrue(why.contains("this jar has no library for this system"), why);
            }
            Files.createDirectories(library.getParent());
            Files.copy(jar.resolve("native/linux-x86_64/libalcedo_jni.so"), library);
            try (URLClassLoader job = job(jar)) {
                String why = failure(job);
                assertTrue(why.contains("another processor (ELF machine 62)"), why);
            }
        } finally {
            System.setProperty("os.arch", processor);
        }
    }

    @Test
    void aConfiguredPathIsTakenAndMayBeShared() throws Throwable {
        Path library = folder.resolve("mine.so");
        Files.copy(classes().resolve("native/linux-x86_64/libalcedo_jni.so"), library);
        System.setProperty(NativeLoader.PATH_PROPERTY, library.toString());
        try (URLClassLoader one = job(classes());
                URLClassLoader two = job(classes())) {
            assertEquals(NativeLoader.buildStamp(), call(one, "buildStamp"));
            assertEquals(NativeLoader.buildStamp(), call(two, "buildStamp"));
        }
        assertTrue(Files.exists(library), "only the copy is unlinked");
    }

    @Test
    void aConfiguredPathThatIsNoLibrarySaysSo() throws Throwable {
        Path library = folder.resolve("text.so");
        System.setProperty(NativeLoader.PATH_PROPERTY, library.toString());
        try (URLClassLoader job = job(classes())) {
            assertTrue(failure(job).contains("NoSuchFileException"));
        }
        byte[] whole = Files.readAllBytes(classes().resolve("native/linux-x86_64/libalcedo_jni.so"));
        assertTrue(refusal(library, new byte[] {1, 2, 3}).contains("it is no ELF library"));
        assertTrue(refusal(library, Arrays.copyOf(whole, whole.length / 2))
                .contains("it is cut off: " + whole.length / 2));
        assertTrue(refusal(library, Arrays.copyOf(whole, whole.length - 1)).contains("it is cut off"));
        whole[18] = (byte) 183;
        assertTrue(refusal(library, whole).contains("another processor (ELF machine 183)"));
    }

    private static String refusal(Path library, byte[] content) throws IOException {
        Files.write(library, content);
        try (URLClassLoader job = job(classes())) {
            String why = failure(job);
            assertTrue(why.contains("tried " + library), why);
            return why;
        }
    }

    @Test
    void aLibraryOfSomebodyElseSaysSo() throws Throwable {
        System.setProperty(NativeLoader.PATH_PROPERTY, System.getProperty("java.home") + "/lib/libzip.so");
        try (URLClassLoader job = job(classes())) {
            String why = failure(job);
            assertTrue(why.contains("libzip.so of build unknown") && why.contains(NativeLoader.buildStamp()), why);
        }
    }

    private Path copyOf(Path classes) throws IOException {
        Path to = folder.resolve("classes");
        try (Stream<Path> all = Files.walk(classes)) {
            for (Path from : all.collect(Collectors.toList())) {
                Files.copy(from, to.resolve(classes.relativize(from).toString()));
            }
        }
        return to;
    }
}
