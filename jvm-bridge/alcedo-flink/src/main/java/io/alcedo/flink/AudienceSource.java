package io.alcedo.flink;

import java.io.IOException;
import java.io.Serializable;

/** Where the members of audiences are. Every subtask loads those that its rules name. */
public interface AudienceSource extends Serializable {
    /** The encoded members of an audience (what {@code alcedo audience} writes), or null: it is not there yet. */
    byte[] load(String id) throws IOException;

    /** A short text that changes when the audience does; empty: it is not there. Cheap: asked at every update. */
    String version(String id) throws IOException;

    /** A short text that changes when any audience does. Cheap: asked at every look at the rules. */
    String version() throws IOException;

    /** The place in words, for messages. */
    String describe();

    /** For rules that name no audience. */
    static AudienceSource none() {
        return new NoAudiences();
    }
}
