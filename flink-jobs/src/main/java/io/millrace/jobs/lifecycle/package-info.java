/** How a job begins, goes on where it stopped, is watched, and stops: the same here and on a cluster. */
package io.millrace.jobs.lifecycle;
