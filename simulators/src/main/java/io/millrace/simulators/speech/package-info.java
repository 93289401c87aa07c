/** Speech with a known text: spoken by synthesisers, and strung together of recorded digits. */
package io.millrace.simulators.speech;
