package io.alcedo.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every golden vector through the JNI bridge, in every shape of cache and batch. */
class VectorTest {
    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles());
    }

    @Test
    void withRoomForAll() {
        run(new VectorHost.Shape(1000, 1000, 1000, 0));
    }

    @Test
    void oneRecordAtATime() {
        run(new VectorHost.Shape(1, 1000, 1000, 0));
    }

    @Test
    void withACacheOfThreeUsers() {
        run(new VectorHost.Shape(1000, 3, 1, 0));
    }

    @Test
    void withACacheOfOneUserAndRestarts() {
        run(new VectorHost.Shape(2, 1, 1, 1));
    }

    private static void run(VectorHost.Shape shape) {
        List<Vector> all = Vector.all();
        List<String> failed =
                all.stream().flatMap(vector -> failure(vector, shape).stream()).collect(Collectors.toList());
        assertTrue(
                failed.isEmpty(),
                failed.size() + " of " + all.size() + " vectors differ\n" + String.join("\n", failed));
        assertEquals(Vector.files().size(), all.size(), "vectors that ran");
        assertTrue(all.size() > 230, "only " + all.size() + " vectors were found");
    }

    private static List<String> failure(Vector vector, VectorHost.Shape shape) {
        try {
            List<String> differences = VectorHost.run(vector, shape).differences(vector);
            return differences.isEmpty()
                    ? List.of()
                    : List.of(vector.name() + ":\n  " + String.join("\n  ", differences));
        } catch (RuntimeException e) {
            return List.of(vector.name() + ": " + e);
        }
    }
}
