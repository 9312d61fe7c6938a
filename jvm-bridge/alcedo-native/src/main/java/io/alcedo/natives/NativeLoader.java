package io.alcedo.natives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the library, once per class loader.
 *
 * <p>The library always becomes a temporary file of its own first, is loaded from there and unlinked at once: the JVM
 * loads one path for one class loader only, and a cluster has a class loader per job. The copy goes away with its class
 * loader. Jar and library must be of the same build; both carry a stamp.
 */
public final class NativeLoader {
    /** System property: the library's path; without it the one inside the jar is taken. */
    public static final String PATH_PROPERTY = "alcedo.native.path";

    private static final Logger LOG = LoggerFactory.getLogger(NativeLoader.class);
    private static final String LIBRARY = "libalcedo_jni.so";
    private static final String STAMP = "alcedo_jni.stamp";

    private static boolean loaded;
    /** Kept, so that the second caller reads why instead of a bare link error. */
    private static String failure;

    private NativeLoader() {}

    /**
     * Loads the library if it is not loaded yet.
     *
     * @throws AlcedoException naming the system, what was tried and the cure
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        if (failure != null) {
            throw new AlcedoException(failure);
        }
        try {
            String source = loadFromSource();
            check(source);
            LOG.debug("Loaded the engine {} from {}", Native.buildStamp(), source);
            loaded = true;
        } catch (AlcedoException e) {
            failure = e.getMessage();
            throw e;
        }
    }

    /**
     * Bytes of memory that this class loader's copy of the library has in use, whatever for; -1 where it is a build that
     * does not count them (the one of `make native` does).
     */
    public static long nativeBytes() {
        load();
        return Native.nativeBytes();
    }

    /** How many native objects of this class loader's copy are open: 0 when everything was closed. */
    public static long openHandles() {
        load();
        return Native.openHandles();
    }

    /** Version and source hash of the loaded library. */
    public static String buildStamp() {
        load();
        return Native.buildStamp();
    }

    private static String loadFromSource() {
        String configured = System.getProperty(PATH_PROPERTY);
        String source = configured == null ? resource(LIBRARY) + " in the jar" : configured;
        Path copy = null;
        try {
            // The process id tells whose a file is that a killed JVM left behind.
            copy = Files.createTempFile("alcedo-" + ProcessHandle.current().pid() + "-", ".so");
            if (configured == null) {
                copyResource(resource(LIBRARY), copy);
            } else {
                Files.copy(Paths.get(configured), copy, StandardCopyOption.REPLACE_EXISTING);
            }
            LibraryFile.check(copy);
            System.load(copy.toString());
            return source;
        } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
            throw new AlcedoException(explain(source, copy, e), e);
        } finally {
            unlink(copy);
        }
    }

    private static void copyResource(String name, Path to) throws IOException {
        try (InputStream in = NativeLoader.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("this jar has no library for this system");
            }
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void unlink(Path copy) {
        if (copy != null) {
            try {
                Files.deleteIfExists(copy);
            } catch (IOException e) {
                LOG.warn("Cannot delete {}, which is no longer needed: {}", copy, e.toString());
            }
        }
    }

    private static String explain(String source, Path copy, Throwable why) {
        return "cannot load the native library on " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + " with " + Machine.libc() + ": tried " + source
                + (copy == null
                        ? " (no temporary file in " + System.getProperty("java.io.tmpdir") + ")"
                        : " by " + copy)
                + ": " + why + ". It runs on Linux x86_64 and aarch64 with glibc, each where the"
                + " jar has a library for it; -D" + PATH_PROPERTY
                + "=FILE names a library of your own build, -Djava.io.tmpdir=DIRECTORY a place for the temporary file"
                + " where programs may run (not mounted noexec)";
    }

    /** Both halves must be of one build: else a field read in the wrong place would look like data. */
    private static void check(String source) {
        String ours = ownStamp();
        String theirs;
        int[] layout;
        try {
            theirs = Native.buildStamp();
            layout = Native.layout();
        } catch (UnsatisfiedLinkError e) {
            throw new AlcedoException(differ(ours, "unknown (" + e.getMessage() + ")", source), e);
        }
        if (!ours.equals(theirs)) {
            throw new AlcedoException(differ(ours, theirs, source));
        }
        if (!Arrays.equals(layout, Layout.numbers())) {
            throw new AlcedoException("the jar's layout " + Arrays.toString(Layout.numbers()) + " is not the library's "
                    + Arrays.toString(layout) + " (" + source + "), though both are of build " + ours
                    + ": build both again, `make native` first");
        }
    }

    private static String differ(String ours, String theirs, String source) {
        return "the jar is of build " + ours + ", the library " + source + " of build " + theirs
                + ": use the library inside the jar (leave out -D" + PATH_PROPERTY
                + "), or build both again, `make native` first";
    }

    private static String ownStamp() {
        try (InputStream in = NativeLoader.class.getClassLoader().getResourceAsStream(resource(STAMP))) {
            if (in == null) {
                throw new AlcedoException(
                        "the jar has no " + resource(STAMP) + ": build it again, `make native` first");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AlcedoException("cannot read " + resource(STAMP) + " in the jar: " + e, e);
        }
    }

    private static String resource(String file) {
        return "native/" + Machine.name() + "/" + file;
    }
}
