package io.alcedo.flink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Which audiences there are: text, a line {@code id version} each. A version may be the SHA-256 of the members. */
final class AudienceList {
    private static final int LARGEST = 1 << 20;
    private static final String SHA256 = "sha256:";

    private final String text;
    private final Map<String, String> versions;

    private AudienceList(String text, Map<String, String> versions) {
        this.text = text;
        this.versions = versions;
    }

    /** Reads all of it; {@code place} is named in errors. */
    static AudienceList read(InputStream in, String place) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new IOException(place + " holds more than " + LARGEST
                    + " bytes; it must be a list of audiences, a line `id version` each");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        Map<String, String> versions = new TreeMap<>();
        for (String line : text.split("\\R")) {
            String[] words = line.trim().split("\\s+");
            if (words.length == 2) {
                versions.put(words[0], words[1]);
            } else if (!line.isBlank()) {
                throw new IOException(place + " holds the line \"" + line + "\": it must be `id version`");
            }
        }
        return new AudienceList(text, versions);
    }

    /** As it came: another text is another state of the audiences. */
    String text() {
        return text;
    }

    /** Empty: this audience is not there. */
    String version(String id) {
        return versions.getOrDefault(id, "");
    }

    /** The hash that a version names, or null: it is some other word. */
    static String hash(String version) {
        return version.startsWith(SHA256) ? version.substring(SHA256.length()) : null;
    }

    /** The members, checked on the way where their version is their hash. */
    static InputStream verified(InputStream members, String place, String version) throws IOException {
        String hash = hash(version);
        return hash == null ? members : new VerifiedStream(members, place, hash);
    }
}
