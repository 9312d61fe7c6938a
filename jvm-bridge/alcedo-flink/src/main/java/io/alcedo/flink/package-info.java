/**
 * Alcedo inside Flink: an operator that keeps every user's rule state as one {@code byte[]} in Flink's keyed state and
 * lets the native engine work on it in bundles.
 *
 * <p>Data walks one way: {@link io.alcedo.flink.FileEvents} or {@link io.alcedo.flink.KafkaEvents} reads records and
 * extracts user and time, {@link io.alcedo.flink.Alcedo} splits off what cannot be read, keys by user, joins the rules and gives matches.
 *
 * <p>Invariants: Flink's state is the truth and native memory a cache of it, written back before every barrier; the
 * stream of rules never holds event time; nothing is emitted in {@code close}.
 */
package io.alcedo.flink;
