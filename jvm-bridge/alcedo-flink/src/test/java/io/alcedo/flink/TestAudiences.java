package io.alcedo.flink;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/** Audiences in memory, each with the number of times it was set as its version. */
final class TestAudiences implements AudienceSource {
    private static final long serialVersionUID = 1;

    private final Map<String, byte[]> members = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();

    void put(String id, byte[] encoded) {
        members.put(id, encoded);
        versions.merge(id, 1, Integer::sum);
    }

    @Override
    public InputStream load(String id) {
        byte[] encoded = members.get(id);
        return encoded == null ? null : new ByteArrayInputStream(encoded);
    }

    @Override
    public String version(String id) {
        return versions.containsKey(id) ? versions.get(id).toString() : "";
    }

    @Override
    public String version() {
        return versions.toString();
    }

    @Override
    public String describe() {
        return "the test's memory";
    }
}
