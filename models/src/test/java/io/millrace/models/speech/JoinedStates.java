package io.millrace.models.speech;

import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.models.streaming.DenseStateBatch;
import io.millrace.models.streaming.StateBatch;

/** The states of streams that are kept one by one, as one batch. */
final class JoinedStates implements StateBatch {

    private final List<DenseStateBatch> members;
    private final NDManager manager;

    JoinedStates(List<DenseStateBatch> members, NDManager manager) {
        this.members = members;
        this.manager = manager;
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    @Override
    public NDArray get(int tensor) {
        NDList all = new NDList();
        members.forEach(member -> all.add(member.get(tensor)));
        return NDArrays.concat(all, 0);
    }

    /** Backwards and behind a state of another, which holds no numbers. */
    @Override
    public Resident resident(int tensor) {
        NDList all = new NDList(get(tensor).get("0:1").mul(Float.NaN));
        long[] places = new long[members.size()];
        for (int b = members.size() - 1; b >= 0; b--) {
            places[b] = all.size();
            all.add(members.get(b).get(tensor));
        }
        return new Resident(NDArrays.concat(all, 0), manager.create(places));
    }

    @Override
    public void put(int tensor, NDArray values) {
        for (int b = 0; b < members.size(); b++) {
            members.get(b).put(tensor, values.get(b + ":" + (b + 1)));
        }
    }

    @Override
    public void putRow(int tensor, NDArray rows, NDArray values) {
        throw new UnsupportedOperationException("putRows serves");
    }

    @Override
    public void putRows(int tensor, NDArray items, NDArray rows, NDArray values) {
        long[] which = items.toLongArray();
        for (int i = 0; i < which.length; i++) {
            String row = i + ":" + (i + 1);
            members.get((int) which[i]).putRows(tensor, manager.create(new long[] {0}), rows.get(row), values.get(row));
        }
    }

    void commit() {
        members.forEach(DenseStateBatch::commit);
    }
}
