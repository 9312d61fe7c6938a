package io.alcedo.natives;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** State bytes of released versions, and such as must be refused, by way of the bridge. */
class StateTest {
    private static final int AT_LEAST = 26;

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles());
    }

    private static Path folder() {
        return Vector.folder().resolveSibling("state");
    }

    private static byte[] unhex(String text) {
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    private static JsonNode read(Path file) throws IOException {
        return Vector.JSON.readTree(Files.readString(file));
    }

    private static byte[] refusedState(String name) throws IOException {
        return unhex(
                read(folder().resolve("refused").resolve(name)).get("state").asText());
    }

    /** Supplies users who are looked at, long ago; notes what is stored. */
    private static final class Host extends Silent {
        final AlcedoEngine engine;
        final Map<String, byte[]> held = new HashMap<>();
        final Map<String, byte[]> stored = new HashMap<>();

        Host(AlcedoEngine engine) {
            this.engine = engine;
        }

        @Override
        public void need(int token, String user) {
            engine.supply(token, held.get(user));
        }

        @Override
        public void store(String user, byte[] stateOrNull, long arm) {
            stored.put(user, stateOrNull);
        }

        void look() {
            held.keySet().forEach(user -> engine.batch().touch(user, Long.MIN_VALUE));
            engine.begin();
            engine.drain(this);
            engine.evaluate();
            while (engine.writeBack(10) > 0) {
                engine.drain(this);
            }
            engine.drain(this);
        }
    }

    @Test
    void everySampleIsReadAndWritten() throws Exception {
        List<Path> samples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder())) {
            samples.addAll(files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !file.getParent().endsWith("refused"))
                    .sorted()
                    .collect(Collectors.toList()));
        }
        assertTrue(samples.size() >= AT_LEAST, samples.size() + " samples");
        for (Path file : samples) {
            JsonNode held = read(file).get("held");
            try (RuleBook book = RuleBook.open(unhex(held.get("book").asText()))) {
                assertArrayEquals(unhex(held.get("book").asText()), book.encode(), file.toString());
            }
            // Without rules nothing that is held can pass; whoever was read is written again.
            try (RuleBook none = RuleBook.open(null);
                    AlcedoEngine engine = AlcedoEngine.open(new EngineConfig(), none, Long.MIN_VALUE)) {
                Host host = new Host(engine);
                Iterator<Map.Entry<String, JsonNode>> users = held.get("users").fields();
                users.forEachRemaining(user -> host.held.put(
                        user.getKey(), unhex(user.getValue().get("state").asText())));
                host.look();
                assertEquals(host.held.keySet(), host.stored.keySet(), file.toString());
            }
        }
    }

    private static String refusal(String user, byte[] state) {
        try (RuleBook none = RuleBook.open(null);
                AlcedoEngine engine = AlcedoEngine.open(new EngineConfig(), none, Long.MIN_VALUE)) {
            Host host = new Host(engine);
            host.held.put(user, state);
            String said = assertThrows(AlcedoException.class, host::look).getMessage();
            assertTrue(host.stored.isEmpty(), "a state that cannot be read is never replaced");
            return said;
        }
    }

    @Test
    void damagedAndNewerStateSaysWhoseItIsAndWhatToDo() throws Exception {
        assertEquals(
                "state of user \"u-7\": state bytes are damaged: checksum; restore from an earlier checkpoint",
                refusal("u-7", refusedState("damaged.json")));
        assertEquals(
                "state of user \"林\": state format 255 is newer than 1, which this version writes; run the newer version",
                refusal("林", refusedState("newer.json")));
        assertEquals(
                "state of user \"u\": state bytes are damaged: no envelope; restore from an earlier checkpoint",
                refusal("u", new byte[] {1, 2, 3}));
    }

    @Test
    void aDamagedBookSaysSo() throws Exception {
        byte[] state = refusedState("newer.json");
        String said = assertThrows(
                        AlcedoException.class, () -> RuleBook.open(state).close())
                .getMessage();
        assertEquals(
                "the rule book in the job's state cannot be read: state bytes are damaged: other content; restore from an earlier checkpoint",
                said);
    }
}
