package io.alcedo.bench.intake;

/** An event of the shop as a Java team would model it: a POJO, so that Flink's own serializer carries it. */
public final class Event {
    /** Who. */
    public String user;
    /** What. */
    public String type;
    /** When, Unix ms. */
    public long time;

    public String session;
    public String platform;
    public String channel;
    public String cohort;
    public String lifecycle;

    /** A property by the name it has in the log; null where there is none. */
    public String property(String name) {
        switch (name) {
            case "session_id":
                return session;
            case "platform":
                return platform;
            case "acquisition_channel":
                return channel;
            case "user_cohort":
                return cohort;
            case "user_lifecycle":
                return lifecycle;
            default:
                return null;
        }
    }
}
