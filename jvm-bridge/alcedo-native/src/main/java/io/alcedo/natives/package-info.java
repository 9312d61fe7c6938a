/**
 * The rule engine, for Java.
 *
 * <p>{@link io.alcedo.natives.RuleBook} holds the rules, {@link io.alcedo.natives.AlcedoEngine} judges events by them,
 * {@link io.alcedo.natives.Extractor} finds user and time in a raw record. All three own native memory and are closed
 * by their owner. Of one thread each.
 */
package io.alcedo.natives;
