package io.alcedo.admin.publish;

import java.util.List;

/** A channel that carries published rules to jobs. */
interface RuleSender {
    /** Tells this channel from all others, also after a restart. */
    String channel();

    /**
     * Sends these in their order, and returns when all of them are kept where they went.
     *
     * @throws SendException some may be there and some not
     */
    void send(List<OutboxRow> rows);

    /** What could not be sent, for now. */
    final class SendException extends RuntimeException {
        private static final long serialVersionUID = 1;

        SendException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
