/** The job in a mini cluster, for people to watch. */
package io.alcedo.demo;
