/**
 * Sound, and later pictures, out of whatever file or pipe carries them, by the libraries of ffmpeg.
 *
 * <p>The decoders are native code, and their input is nobody's who is known: a fault in one of them can end the process. Only
 * commands decode that are processes of their own ({@code collect audio}, {@code transcribe}, the simulators and the training
 * of models). No job does: what a TaskManager reads is samples. Containers and codecs that have no sound
 * are not even probed, and no file is opened but the one that was named, whatever an input refers to.
 */
package io.millrace.connectors.media;
