package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.natives.Audience;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules and audiences in a file system of Flink's: its own local one, and one that comes as a plugin does. */
class FileSystemPlacesTest {
    private static final byte[] MEMBERS = {1, 2, 3};

    @TempDir
    Path folder;

    @BeforeEach
    void nothingIsOpen() {
        Shelf.OPENED.clear();
    }

    private String place(String scheme) {
        return scheme + "://" + folder;
    }

    private static String sha256(byte[] bytes) throws Exception {
        StringBuilder hex = new StringBuilder();
        for (byte part : MessageDigest.getInstance("SHA-256").digest(bytes)) {
            hex.append(String.format("%02x", part));
        }
        return hex.toString();
    }

    private static byte[] all(AudienceSource audiences, String id) throws IOException {
        try (InputStream members = audiences.load(id)) {
            return members.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "shelf"})
    void aListNamesMembersByTheirHash(String scheme) throws Exception {
        AudienceSource audiences = new FileSystemAudiences(place(scheme));
        assertEquals("", audiences.version("vips"));
        String hash = sha256(MEMBERS);
        Files.write(folder.resolve(hash + ".audience"), MEMBERS);
        Files.writeString(folder.resolve("audiences.list"), "vips sha256:" + hash + "\n");
        assertEquals("sha256:" + hash, audiences.version("vips"));
        assertArrayEquals(MEMBERS, all(audiences, "vips"));
        assertNull(audiences.load("others"));
        String before = audiences.version();
        Files.writeString(folder.resolve("audiences.list"), "vips sha256:" + sha256(new byte[] {9}) + "\n");
        assertNotEquals(before, audiences.version());
        assertNull(audiences.load("vips"), "listed, and not there yet");
    }

    @Test
    void membersThatHashToSomethingElseAreRefused() throws Exception {
        String hash = sha256(MEMBERS);
        Files.write(folder.resolve(hash + ".audience"), new byte[] {1, 2, 4});
        Files.writeString(folder.resolve("audiences.list"), "vips sha256:" + hash);
        AudienceSource audiences = new FileSystemAudiences(place("shelf"));
        IOException refused = assertThrows(IOException.class, () -> all(audiences, "vips"));
        assertTrue(refused.getMessage().contains("its list says " + hash), refused.getMessage());
        for (String version : List.of("7", "sha256:../../etc/passwd")) {
            Files.writeString(folder.resolve("audiences.list"), "vips " + version);
            IOException wrong = assertThrows(IOException.class, () -> all(audiences, "vips"));
            assertTrue(wrong.getMessage().contains("64 hex digits"), wrong.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "shelf"})
    void withoutAListTheirNamesAreTheirIds(String scheme) throws Exception {
        AudienceSource audiences = new FileSystemAudiences(place(scheme));
        String empty = audiences.version();
        assertNull(audiences.load("vips"));
        Path file = Files.write(folder.resolve("vips.audience"), MEMBERS);
        assertArrayEquals(MEMBERS, all(audiences, "vips"));
        String version = audiences.version("vips");
        assertNotEquals(empty, audiences.version());
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        assertNotEquals(version, audiences.version("vips"));
        assertNull(audiences.load("../" + folder.getFileName() + "/vips"), "an id leads nowhere else");
    }

    /** As in a TaskManager: two subtasks, one set of members in memory. */
    @Test
    void subtasksOfAProcessOpenTheMembersOnce() throws Exception {
        byte[] members = Audience.ofUsers("vips", List.of("u1")).members();
        Files.write(folder.resolve(sha256(members) + ".audience"), members);
        Files.writeString(folder.resolve("audiences.list"), "vips sha256:" + sha256(members));
        Files.writeString(
                folder.resolve("a.json"),
                "{\"id\": \"a\", \"revision\": 1, \"audience\": {\"id\": \"vips\"},"
                        + " \"trigger\": {\"on\": {\"event\": \"view\"}}}");
        RuleSource rules = new FileSystemRules(place("shelf"));
        AudienceSource audiences = new FileSystemAudiences(place("shelf"));
        try (RulesInForce one = RulesInForce.first(rules, audiences, new AlcedoOptions(), 0, 2);
                RulesInForce other = RulesInForce.first(rules, audiences, new AlcedoOptions(), 1, 2)) {
            assertEquals(1, one.running().size());
            assertEquals(1, other.running().size());
        }
        assertEquals(
                1,
                Shelf.OPENED.stream()
                        .filter(sha256(members).concat(".audience")::equals)
                        .count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "shelf"})
    void rulesAreTheJsonFilesByName(String scheme) throws Exception {
        Files.writeString(folder.resolve("b.json"), "B");
        Files.writeString(folder.resolve("a.json"), "A");
        Files.writeString(folder.resolve(".a.json"), "an editor's");
        Files.writeString(folder.resolve("readme.txt"), "no rule");
        Files.createDirectory(folder.resolve("folder.json"));
        Files.write(folder.resolve("c.json"), new byte[] {'{', (byte) 0xff});
        RulesUpdate set = new FileSystemRules(place(scheme)).read();
        assertTrue(set.complete());
        assertArrayEquals(new String[] {"a.json", "b.json", "c.json"}, set.f1);
        assertEquals(List.of("A", "B"), List.of(set.text(0), set.text(1)));
        assertEquals("This file cannot be read: it is not UTF-8", set.text(2));
    }

    @Test
    void whatHasNotChangedIsNotReadAgain() throws Exception {
        Path a = Files.writeString(folder.resolve("a.json"), "A");
        Files.writeString(folder.resolve("b.json"), "B");
        RuleSource rules = new FileSystemRules(place("shelf"));
        rules.read();
        rules.read();
        assertEquals(2, Shelf.OPENED.size());
        Files.writeString(a, "other");
        Files.delete(folder.resolve("b.json"));
        assertArrayEquals(new String[] {"other"}, rules.read().f2);
        assertEquals(3, Shelf.OPENED.size());
    }

    @Test
    void aPlaceThatIsNotThereOrHasNoSchemeSaysSo() {
        RuleSource missing = new FileSystemRules("file:///no/such/place");
        assertThrows(FileNotFoundException.class, missing::read);
        IOException unknown = assertThrows(IOException.class, () -> new FileSystemRules("nowhere://x/y").read());
        assertTrue(unknown.getMessage().contains("nowhere"), unknown.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new FileSystemRules("/plain"));
        assertThrows(IllegalArgumentException.class, () -> new FileSystemAudiences("plain"));
    }
}
