/**
 * Reads what NVIDIA NeMo writes: {@code .nemo} archives with their configuration, weights and SentencePiece tokenizer.
 * The weights are a Python pickle by format; here it is parsed and never executed, so a file from anywhere may be read.
 */
package io.millrace.models.speech.nemo;
