package io.alcedo.flink;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;

/** Where the members of audiences are. A process loads those that its rules name, once for all its subtasks. */
public interface AudienceSource extends Serializable {
    /** The encoded members of an audience (what {@code alcedo audience} writes), or null: it is not there yet. */
    InputStream load(String id) throws IOException;

    /** A short text that changes when the audience does; empty: it is not there. Cheap: asked at every update. */
    String version(String id) throws IOException;

    /** A short text that changes when any audience does. Cheap: asked at every look at the rules. */
    String version() throws IOException;

    /**
     * Names the place: sources of one name give the same members under the same id and version, so that the subtasks of
     * a process load them once. Null: each loads for itself.
     */
    default String place() {
        return null;
    }

    /** The place in words, for messages. */
    String describe();

    /** For rules that name no audience. */
    static AudienceSource none() {
        return new NoAudiences();
    }
}
