package io.alcedo.natives;

/**
 * The numbers of the boundary, generated from the Rust side. Do not edit:
 * {@code cargo run --release -p alcedo-jni --example layout > jvm-bridge/alcedo-native/src/main/java/io/alcedo/natives/Layout.java}.
 */
final class Layout {

    /** Raised by one with every change of the layout. */
    static final int VERSION = 4;

    /** Record kind: an event with its bytes. */
    static final int KIND_EVENT = 1;

    /** Record kind: a host timer fired for this user at this time; no bytes. */
    static final int KIND_TOUCH = 2;

    /** Record kind: a command with its bytes; its time is the host's wall clock. */
    static final int KIND_COMMAND = 3;

    /** Record kind: a command whose id the host has seen. */
    static final int KIND_COMMAND_AGAIN = 4;

    /** Offset of the kind in a record, u8. */
    static final int RECORD_KIND = 0;

    /** Offset of the user's length in a record, u16. */
    static final int RECORD_USER_LEN = 1;

    /** Offset of the event time in a record, i64, Unix ms. */
    static final int RECORD_TIME = 3;

    /** Offset of the partition in a record, i32. */
    static final int RECORD_PARTITION = 11;

    /** Offset of the position in a record, i64. */
    static final int RECORD_POSITION = 15;

    /** Offset of the raw bytes' length in a record, u32. */
    static final int RECORD_RAW_LEN = 23;

    /** Bytes of a record before its user and raw bytes. */
    static final int RECORD_HEADER = 27;

    /** Bytes of a supplied state before the state: u32 token, u8 present, u32 length. */
    static final int SUPPLY_HEADER = 9;

    /** Bytes of an outcome before its body: u8 tag, u32 length of the body. */
    static final int OUTCOME_HEADER = 5;

    /** Outcome: the host must supply this user's state. */
    static final int OUT_NEED = 1;

    /** Outcome: the host must store this user's state. */
    static final int OUT_STORE = 2;

    /** Outcome: a rule fired. */
    static final int OUT_MATCH = 3;

    /** Outcome: an event came too late. */
    static final int OUT_LATE = 4;

    /** Outcome: a record cannot be read. */
    static final int OUT_BAD = 5;

    /** Outcome: what became of a command. */
    static final int OUT_AUDIT = 6;

    /** Effect of a command: none. */
    static final int EFFECT_NONE = 0;

    /** Effect of a command: it was carried out. */
    static final int EFFECT_DONE = 1;

    /** Effect of a command: the user was erased. */
    static final int EFFECT_ERASED = 2;

    /** Length of a match id, lower-case hex. */
    static final int MATCH_ID_LEN = 32;

    /** Bytes of a record to be extracted before its own: i64 broker time, u32 length. */
    static final int EXTRACT_RECORD_HEADER = 12;

    /** Extraction: user and time follow. */
    static final int EXTRACT_EVENT = 0;

    /** Extraction: a blank line, to be skipped. */
    static final int EXTRACT_BLANK = 1;

    /** Extraction: a reason follows in the user's place. */
    static final int EXTRACT_BAD = 2;

    /** Extraction of a command: user, u16 length and id follow. */
    static final int EXTRACT_COMMAND = 3;

    /** Bytes of an extraction before the user or reason: u8 status, i64 time, u16 length. */
    static final int EXTRACT_HEADER = 11;

    /** The longest extraction, bytes: that of a command. */
    static final int EXTRACT_LONGEST = 269;

    /** The longest id of a command, bytes of UTF-8. */
    static final int MAX_COMMAND_ID = 128;

    /** The longest user id, bytes of UTF-8. */
    static final int MAX_USER = 128;

    /** The most a batch, a supply, an outcome or a byte array may take, bytes. */
    static final int HARD_CAP = 67108864;

    /** A direct buffer's first size, bytes. */
    static final int BUFFER_START = 1048576;

    /** A direct buffer stays at most this large, bytes. */
    static final int BUFFER_KEEP = 8388608;

    /** The most rule documents in one update of a book. */
    static final int MAX_DOCUMENTS = 100000;

    /** The most ids kept per user to drop repeats. */
    static final int MAX_DEDUPE = 4096;

    /** How many numbers counters() writes, each an i64. */
    static final int COUNTERS = 16;

    private Layout() {}

    /** All of the above in order: the library must return the same. */
    static int[] numbers() {
        return new int[] {
            VERSION,
            KIND_EVENT,
            KIND_TOUCH,
            KIND_COMMAND,
            KIND_COMMAND_AGAIN,
            RECORD_KIND,
            RECORD_USER_LEN,
            RECORD_TIME,
            RECORD_PARTITION,
            RECORD_POSITION,
            RECORD_RAW_LEN,
            RECORD_HEADER,
            SUPPLY_HEADER,
            OUTCOME_HEADER,
            OUT_NEED,
            OUT_STORE,
            OUT_MATCH,
            OUT_LATE,
            OUT_BAD,
            OUT_AUDIT,
            EFFECT_NONE,
            EFFECT_DONE,
            EFFECT_ERASED,
            MATCH_ID_LEN,
            EXTRACT_RECORD_HEADER,
            EXTRACT_EVENT,
            EXTRACT_BLANK,
            EXTRACT_BAD,
            EXTRACT_COMMAND,
            EXTRACT_HEADER,
            EXTRACT_LONGEST,
            MAX_COMMAND_ID,
            MAX_USER,
            HARD_CAP,
            BUFFER_START,
            BUFFER_KEEP,
            MAX_DOCUMENTS,
            MAX_DEDUPE,
            COUNTERS,
        };
    }
}
