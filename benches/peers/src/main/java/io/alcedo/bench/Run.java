package io.alcedo.bench;

/**
 * One run of a contender.
 *
 * @param events the log: a file with one JSON object a line, in the order of time
 * @param until Unix ms of the log's last event: deadlines beyond it never pass
 * @param settings what the contender was started with
 */
public record Run(String events, long until, Settings settings) {}
