package io.millrace.models.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Unpickler;

/**
 * The pickle of a state dictionary. Only the instructions that torch writes for one are carried out and only the names
 * of {@link TorchGlobals} can be called, which make descriptions of tensors. The library builds maps for classes that it
 * does not know and asks for as much memory as a length claims; neither instruction reaches it unchecked.
 */
final class TorchPickle extends Unpickler {

    private static final int MAX_NAME = 256;

    private final ByteArrayInputStream bytes;

    private TorchPickle(byte[] pickle) {
        this.bytes = new ByteArrayInputStream(pickle);
    }

    /**
     * The tensors of a state dictionary, in its order.
     *
     * @throws IllegalArgumentException if the pickle is damaged, holds something else or names a class that does not
     *     belong into one
     */
    static Map<String, TensorView> read(byte[] pickle) {
        Object value;
        TorchPickle reader = new TorchPickle(pickle);
        try {
            value = reader.load(reader.bytes);
        } catch (RefusedException e) {
            throw e;
        } catch (PickleException | IOException e) {
            throw new IllegalArgumentException("damaged pickle: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("damaged pickle: operands do not fit (" + e.getMessage() + ")", e);
        }
        if (value instanceof StateDictionary dictionary) {
            return dictionary.tensors();
        }
        throw new IllegalArgumentException("the checkpoint holds no state dictionary");
    }

    @Override
    protected Object dispatch(short key) throws IOException {
        switch (key) {
            case Opcodes.GLOBAL -> stack.add(TorchGlobals.find(line(), line()));
            case Opcodes.EMPTY_DICT -> stack.add(new StateDictionary());
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                Object name = stack.pop();
                ((StateDictionary) stack.peek()).put(name, value);
            }
            case Opcodes.SETITEMS -> {
                List<Object> items = stack.pop_all_since_marker();
                for (int i = 0; i < items.size(); i += 2) {
                    ((StateDictionary) stack.peek()).put(items.get(i), items.get(i + 1));
                }
            }
            case Opcodes.BUILD -> {
                // Attributes of an OrderedDict: "_metadata" with versions of modules, which we do not need.
                stack.pop();
                refuseUnless(stack.peek() instanceof StateDictionary, "attributes of something else than a dictionary");
            }
            case Opcodes.BINUNICODE -> {
                bytes.mark(0);
                long length = 0;
                for (int i = 0; i < Integer.BYTES; i++) {
                    length |= (long) Math.max(0, bytes.read()) << 8 * i;
                }
                refuseUnless(length <= bytes.available(), "a text longer than the pickle");
                bytes.reset();
                super.dispatch(key);
            }
            case Opcodes.PROTO,
                    Opcodes.STOP,
                    Opcodes.MARK,
                    Opcodes.REDUCE,
                    Opcodes.BINPERSID,
                    Opcodes.BINPUT,
                    Opcodes.LONG_BINPUT,
                    Opcodes.BINGET,
                    Opcodes.LONG_BINGET,
                    Opcodes.EMPTY_TUPLE,
                    Opcodes.TUPLE,
                    Opcodes.TUPLE1,
                    Opcodes.TUPLE2,
                    Opcodes.TUPLE3,
                    Opcodes.NONE,
                    Opcodes.NEWTRUE,
                    Opcodes.NEWFALSE,
                    Opcodes.BININT,
                    Opcodes.BININT1,
                    Opcodes.BININT2,
                    Opcodes.LONG1 -> {
                return super.dispatch(key);
            }
            default ->
                throw new RefusedException(
                        String.format("instruction 0x%02x does not belong into a state dictionary", key));
        }
        return NO_RETURN_VALUE;
    }

    /** {@code ("storage", class, key, device, elements)}; the device it was saved from does not matter. */
    @Override
    protected Object persistentLoad(Object id) {
        Object[] fields = (Object[]) id;
        refuseUnless(
                fields.length == 5
                        && "storage".equals(fields[0])
                        && fields[1] instanceof TorchGlobals.StorageClass
                        && fields[2] instanceof String
                        && fields[4] instanceof Number,
                "a persistent id that is no storage");
        StorageType type = ((TorchGlobals.StorageClass) fields[1]).type();
        return new TensorView.Storage(type, (String) fields[2], ((Number) fields[4]).longValue());
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = bytes.read(); next != '\n'; next = bytes.read()) {
            refuseUnless(next >= 0 && text.length() < MAX_NAME, "a name without end");
            text.append((char) next);
        }
        return new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static void refuseUnless(boolean condition, String reason) {
        if (!condition) {
            throw new RefusedException(reason);
        }
    }

    /** Refused for a reason of ours, in contrast to what the library throws at damaged input. */
    static final class RefusedException extends IllegalArgumentException {
        RefusedException(String reason) {
            super("refused pickle: " + reason);
        }
    }
}
