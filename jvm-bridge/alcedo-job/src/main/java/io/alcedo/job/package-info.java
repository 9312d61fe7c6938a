/** The job that users drop into their cluster: options, sources, the operator, sinks; no logic of its own. */
package io.alcedo.job;
