/**
 * Lines that jobs bring: matches, events. Three bounds stand one behind the other, and whoever meets one is told 429 and
 * sends again: bodies in memory ({@link IntakeFilter}, before a byte of one is read), a line ({@link Lines}), rows that
 * wait to be written ({@link GroupCommit}). What is answered with success is committed.
 */
package io.alcedo.admin.intake;
