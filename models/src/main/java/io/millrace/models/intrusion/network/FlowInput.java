package io.millrace.models.intrusion.network;

/**
 * Prepared features of one flow.
 *
 * @param numeric numeric fields, scaled to about 0..1
 * @param categorical ids of the categorical fields: 1..L of the field, 0 for a level not seen in training
 */
@SuppressWarnings("ArrayRecordComponent")
public record FlowInput(float[] numeric, int[] categorical) {}
