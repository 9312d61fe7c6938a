package io.alcedo.job;

/** A place for records, as an option names it. */
final class Destination {
    static final String TERMINAL = "terminal";
    static final String LOG = "log";
    static final String NONE = "none";
    private static final String KAFKA = "kafka:";

    enum Kind {
        TERMINAL,
        LOG,
        NONE,
        KAFKA,
        HTTP,
        FILES
    }

    final Kind kind;

    /** Topic, address or directory; empty for the others. */
    final String place;

    private Destination(Kind kind, String place) {
        this.kind = kind;
        this.place = place;
    }

    static Destination parse(String option, String text) {
        switch (text) {
            case TERMINAL:
                return new Destination(Kind.TERMINAL, "");
            case LOG:
                return new Destination(Kind.LOG, "");
            case NONE:
                return new Destination(Kind.NONE, "");
            default:
                if (text.matches("https?://.+")) {
                    return new Destination(Kind.HTTP, text);
                }
                boolean kafka = text.startsWith(KAFKA);
                String place = kafka ? text.substring(KAFKA.length()) : text;
                Check.that(
                        !place.isBlank(),
                        option,
                        "\"" + text + "\"",
                        "terminal, log, none, kafka:TOPIC or a directory");
                return new Destination(kafka ? Kind.KAFKA : Kind.FILES, place);
        }
    }
}
